/** The end of an execution as a commit writes it: by how its code ended, with the run that follows. */
import { TerminatedFailure } from '@perdure/workflow'
import type { Outcome } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { encodeFailure } from '../../protocol/failure-codec.ts'
import type { Millis } from '../../protocol/ids.ts'
import { nextRunResult } from '../../protocol/next-run-result.ts'
import { emptyPayload } from '../../protocol/payload.ts'
import type { Close, StartRecord } from '../../protocol/transition.ts'
import type { OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { continuedRun, retriedRun } from './next-run.ts'
import { visibleOf } from './visible-payloads.ts'

export function closeOf(context: WorkerContext, owned: OwnedExecution, live: LiveExecution, outcome: Outcome): Close {
  const at = Math.max(owned.lastAt, context.clock.now())
  const end = endOf(context, owned, live, outcome, at)
  return live.calls.hasDependants ? { ...end, hasChildren: true } : end
}

function endOf(context: WorkerContext, owned: OwnedExecution, live: LiveExecution, outcome: Outcome, at: Millis): Close {
  const { record } = owned
  const { failures } = live.values
  switch (outcome.type) {
    case 'completed':
      return { status: 'COMPLETED', result: outcome.result ?? emptyPayload, failure: null, at }
    case 'failed': {
      const failure = failures.encode(outcome.error)
      const mayRetry = record.details !== null && record.details !== undefined
      const failed = { error: failures.judged(outcome.error, failure), failure }
      const next = mayRetry ? retriedRun(record, failed, at) : undefined
      if (next === undefined) return { status: 'FAILED', result: null, failure, at }
      return { status: 'FAILED', result: nextRunResult(next.runId), failure, at, next }
    }
    case 'cancelled':
      return { status: 'CANCELLED', result: null, failure: failures.encode(outcome.error), at }
    case 'terminated':
      return { status: 'TERMINATED', result: null, failure: encodeFailure(new TerminatedFailure(outcome.reason)), at }
    case 'continuedAsNew': {
      const continued = continuedRun(record, outcome.request, outcome.given, visibleOf(record, live), at)
      const next = hereIfServed(context, record.taskQueue, continued)
      return { status: 'CONTINUED_AS_NEW', result: nextRunResult(next.runId), failure: null, at, next }
    }
    default:
      return outcome satisfies never
  }
}

/** In its own queue the place of the run that ends becomes free for it. */
function hereIfServed({ accepting, accepts, registry }: WorkerContext, taskQueue: string, next: StartRecord): StartRecord {
  const isPlaced = taskQueue === next.taskQueue ? accepting() : accepts(next.taskQueue, next.workflowType)
  return isPlaced && registry.workflow(next.workflowType) !== undefined && next.wakeAt === next.startedAt ? { ...next, owned: true } : next
}
