/** The activity of every simulation, in one process. */
import { ApplicationFailure } from '@perdure/workflow'
import { Context } from '@perdure/workflow/activity'
import type { Ledger } from './ledger.ts'
import type { Work } from './programs.ts'
import type { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'

interface WorkParts {
  /** The process vanishes, soon. */
  readonly die: () => void
  /** An attempt is about to complete. */
  readonly ends: (workflowId: string) => void
}

export function workOf(process: VirtualProcess, ledger: Ledger, { die, ends }: WorkParts): (work: Work) => Promise<string> {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void process.clock.timer(ms, resolve))
  return async (work) => {
    const { info, heartbeat, cancelled } = Context.current()
    const attempt = ledger.attemptBegins(info, work, process)
    if (info.attempt <= work.kills) {
      die()
      return new Promise(() => undefined)
    }
    const wait = (ms: number): Promise<void> => (work.obeys ? Promise.race([pause(ms), cancelled]) : pause(ms))
    for (let beat = 1; beat <= work.beats; beat++) {
      attempt.beat(beat)
      heartbeat(beat)
      await wait(Math.max(1, work.ms / work.beats))
    }
    if (work.beats === 0 && work.ms > 0) await wait(work.ms)
    if (info.attempt <= work.fails) throw ApplicationFailure.retryable(`attempt ${info.attempt}`, 'Flaky')
    if (work.permanent) throw ApplicationFailure.nonRetryable('for good', 'Permanent')
    ends(info.workflowExecution.workflowId)
    attempt.completed()
    return `${work.id} ok`
  }
}
