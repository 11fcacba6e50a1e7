import { condition, defineQuery, defineSignal, patched, setHandler, sleep } from '@temporalio/workflow'

export const go = defineSignal('go')
export const steps = defineQuery<readonly string[]>('steps')

/** With the change, for old executions and new ones. */
export async function changing(): Promise<readonly string[]> {
  const log: string[] = []
  let going = false
  setHandler(steps, () => log)
  setHandler(go, () => { going = true })
  if (patched('the-change')) {
    log.push('new code')
    await sleep(1)
  } else {
    log.push('old code')
  }
  await condition(() => going)
  log.push(patched('the-change') ? 'still new' : 'still old')
  log.push(patched('later') ? 'later new' : 'later old')
  return log
}

/** Several patches, one of them in a loop, one in a handler. */
export async function many(): Promise<readonly string[]> {
  const log: string[] = []
  let signals = 0
  setHandler(go, async () => {
    log.push(`handler ${patched('in-handler')}`)
    await sleep(1)
    signals++
  })
  for (let i = 0; i < 3; i++) log.push(`loop ${patched('in-loop')}`)
  log.push(`other ${patched('other')}`)
  await condition(() => signals === 1)
  log.push(`handler again ${patched('in-handler')}`)
  return log
}
