import { ActivityFailure, proxyActivities, sleep, TimeoutFailure, workflowInfo } from 'perdure/workflow'
import type { StepActivities } from './activities.ts'

const retry = { initialInterval: 10, maximumInterval: 100 }
const { step } = proxyActivities<StepActivities>({ startToCloseTimeout: '1 minute', retry })
const { step: stepOnce } = proxyActivities<StepActivities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })

export interface TenSteps {
  /** What each step returned, in order. */
  readonly tokens: readonly string[]
  /** How the step that may run only once ended. */
  readonly once: 'completed' | 'lost'
}

/** Ten steps, a timer among them; the sixth may run only once, and is made good for when it was lost. */
export async function tenSteps(): Promise<TenSteps> {
  const { workflowId } = workflowInfo()
  const tokens: string[] = []
  let once: TenSteps['once'] = 'completed'
  for (let number = 1; number <= 10; number++) {
    if (number === 4) await sleep(50)
    if (number !== 6) {
      tokens.push(await step(workflowId, `${number}`))
      continue
    }
    try {
      tokens.push(await stepOnce(workflowId, 'once'))
    } catch (error) {
      if (!(error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)) throw error
      once = 'lost'
      tokens.push(await step(workflowId, 'made good'))
    }
  }
  return { tokens, once }
}
