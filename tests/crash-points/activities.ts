import { activityInfo, ApplicationFailure, cancelled, CompleteAsyncError, heartbeat, sleep } from 'perdure/activity'
import type { Journal } from './journal.ts'

export interface StepActivities {
  /** Returns a token of its own. */
  step(name: string): Promise<string>
  /** Fails at its first attempt, with a heartbeat. */
  flaky(name: string): Promise<string>
  /** Its first attempt never comes back by itself. */
  hang(name: string): Promise<string>
  /** Goes on until it is cancelled. */
  work(name: string): Promise<string>
  /** Is completed from outside, by its activity id. */
  leave(name: string): Promise<string>
  /** Keeps the main thread for so long. */
  block(name: string, ms: number): Promise<string>
}

export function createActivities(journal: Journal): StepActivities {
  const begin = (step: string): { readonly attempt: number; readonly token: string } => {
    const { attempt, workflowExecution: { workflowId, runId } } = activityInfo()
    const token = crypto.randomUUID()
    journal.tell({ what: 'ran', workflowId, runId, step, attempt, token })
    return { attempt, token }
  }
  return {
    step: async name => begin(name).token,
    flaky: async name => {
      const { attempt, token } = begin(name)
      heartbeat({ attempt })
      await sleep(10)
      if (attempt === 1) throw ApplicationFailure.retryable('the first attempt fails', 'First')
      return token
    },
    hang: async name => {
      const { attempt, token } = begin(name)
      if (attempt === 1) await cancelled()
      return token
    },
    work: async name => {
      begin(name)
      const beats = setInterval(() => heartbeat(), 20)
      try {
        return await cancelled()
      } finally {
        clearInterval(beats)
      }
    },
    leave: async name => {
      begin(name)
      heartbeat()
      await sleep(60) // it has a row meanwhile
      throw new CompleteAsyncError()
    },
    block: async (name, ms) => {
      const { token } = begin(name)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      return token
    },
  }
}
