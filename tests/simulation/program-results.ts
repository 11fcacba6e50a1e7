/** What the operations of a program may have come to. */
import type { ActivityOp, ChildOp, Op } from './programs.ts'
import type { Outcome } from './program-workflow.ts'

/** What is wrong with the outcomes of these operations, or undefined. `harsh`: attempts may have been lost with their workers. */
export function wrongOutcome(ops: readonly Op[], outcomes: unknown, harsh: boolean): string | undefined {
  if (!Array.isArray(outcomes) || outcomes.length !== ops.length) return `${JSON.stringify(outcomes)} for ${ops.length} operations`
  for (const [index, op] of ops.entries()) {
    const wrong = wrongOf(op, outcomes[index] as Outcome, harsh)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function wrongOf(op: Op, outcome: Outcome, harsh: boolean): string | undefined {
  const not = (right: boolean): string | undefined => (right ? undefined : `${JSON.stringify(outcome)} of ${JSON.stringify(op)}`)
  switch (op.do) {
    case 'activity': return not(typeof outcome === 'string' && activityOutcomes(op, harsh).includes(outcome))
    case 'sleep': return not(outcome === 'slept')
    case 'uuid': return not(typeof outcome === 'string' && outcome.length === 36)
    case 'signals': return not(outcome === true || (op.ms !== null && outcome === false))
    case 'all': return wrongBranches(op.branches, outcome, harsh)
    case 'race': {
      if (typeof outcome !== 'object' || !('won' in outcome)) return not(false)
      const branch = op.branches[outcome.won]
      return branch === undefined ? not(false) : wrongOutcome(branch, outcome.outcome, harsh)
    }
    case 'scope': return outcome === 'over time' ? undefined : wrongOutcome(op.ops, outcome, harsh)
    // False where the process died in whose memory alone it was taken.
    case 'patch': return not(typeof outcome === 'boolean')
    case 'note':
    case 'stop': return not(outcome === 'sent' || outcome === 'ExternalWorkflowExecutionNotFound')
    case 'child': return not(typeof outcome === 'string' && childOutcomes(op).includes(outcome))
    case 'cancel':
      return not(outcome === 'cancelled' || (typeof outcome === 'string' && activityOutcomes({ ...op.activity, maximumAttempts: 1 }, true)
        .concat(activityOutcomes(op.activity, true)).includes(outcome)))
    default: return op satisfies never
  }
}

/** Others may cancel, terminate or be it. */
function childOutcomes({ program: { end, failsRuns, maximumRuns, runTimeoutMs }, awaits }: ChildOp): string[] {
  const always = ['child cancelled', 'child exists', 'child terminated']
  if (awaits === 'start') return [...always, 'child started']
  const runsOut = failsRuns > 0 && failsRuns >= (maximumRuns ?? 1)
  const own = runsOut ? 'child failed FlakyRun' : end === 'fail' ? 'child failed Planned' : 'child ok'
  return [...always, own, ...(runTimeoutMs === null ? [] : ['child timed out', 'child failed FlakyRun'])]
}

function wrongBranches(branches: readonly (readonly Op[])[], outcome: Outcome, harsh: boolean): string | undefined {
  if (!Array.isArray(outcome) || outcome.length !== branches.length) return `${JSON.stringify(outcome)} for ${branches.length} branches`
  for (const [index, branch] of branches.entries()) {
    const wrong = wrongOutcome(branch, outcome[index], harsh)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function activityOutcomes(op: ActivityOp, harsh: boolean): string[] {
  const { work, maximumAttempts, scheduleToCloseMs } = op
  const isLimited = maximumAttempts > 0
  const runsOut = isLimited && work.fails >= maximumAttempts
  const own = runsOut ? 'failed Flaky' : work.permanent ? 'failed Permanent' : 'ok'
  const outcomes = [own]
  // The attempt after one that was lost may be the last, or find a failure that the lost one would have gone past.
  if (isLimited && harsh) outcomes.push('failed TimeoutFailure', 'failed WorkerShutdown')
  if (scheduleToCloseMs !== null) outcomes.push('failed TimeoutFailure', 'failed Flaky', 'failed WorkerShutdown')
  return outcomes.map((outcome) => `${work.id} ${outcome}`)
}
