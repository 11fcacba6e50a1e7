import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow'

export const go = defineSignal('go')

/** Without the patch. */
export async function changing(): Promise<readonly string[]> {
  const log: string[] = []
  let going = false
  setHandler(go, () => { going = true })
  log.push('after')
  await sleep(1)
  await condition(() => going)
  return log
}
