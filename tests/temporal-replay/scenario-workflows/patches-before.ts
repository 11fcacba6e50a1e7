import { condition, defineSignal, setHandler } from '@temporalio/workflow'

export const go = defineSignal('go')

/** The workflow before it was changed. */
export async function changing(): Promise<readonly string[]> {
  const steps: string[] = ['old code']
  let going = false
  setHandler(go, () => { going = true })
  await condition(() => going)
  steps.push('old end')
  return steps
}
