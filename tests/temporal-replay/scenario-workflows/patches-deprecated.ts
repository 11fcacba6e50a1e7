import { condition, defineSignal, deprecatePatch, setHandler, sleep } from '@temporalio/workflow'

export const go = defineSignal('go')

/** Without the old code. */
export async function changing(): Promise<readonly string[]> {
  const log: string[] = []
  let going = false
  setHandler(go, () => { going = true })
  deprecatePatch('the-change')
  log.push('only new code')
  await sleep(1)
  await condition(() => going)
  return log
}
