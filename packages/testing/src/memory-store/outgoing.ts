/** What executions ask of others, and the answers in their own inboxes. */
import type { Incarnation, MessageTarget, Outgoing, OutgoingOutcome, OutgoingStart, RunId, StartOutcome, Transition } from '@perdure/engine'
import { postToRun } from './inbox.ts'
import { currentRun, findRun, type MemoryData } from './memory-data.ts'
import { startExecution } from './starts.ts'

/** Starts before messages, so that a message finds the child that was started beside it. */
export function sendOutgoing(
  data: MemoryData, incarnation: Incarnation | null, transitions: readonly Transition[],
): ReadonlyMap<RunId, readonly OutgoingOutcome[]> {
  const outcomes = new Map<Outgoing, OutgoingOutcome>()
  const all = transitions.flatMap(transition => transition.outgoing ?? [])
  for (const one of all.filter(isStart).toSorted(byId)) {
    outcomes.set(one, startOutcome(one, startExecution(data, incarnation, one.start)))
  }
  for (const one of all) {
    if (one.type !== 'message') continue
    const to = openTarget(data, one.to)
    if (to !== undefined) postToRun(data, to, one.message)
    outcomes.set(one, to !== undefined || (one.closedIsDone === true && isClosed(data, one.to)) ? 'done' : 'refused')
  }
  const answered = ({ runId, outgoing = [] }: Transition) => outgoing.map(one => answer(data, runId, one, outcomes.get(one)))
  return new Map(transitions.map(transition => [transition.runId, answered(transition)]))
}

function answer(data: MemoryData, runId: RunId, one: Outgoing, outcome: OutgoingOutcome = 'busy'): OutgoingOutcome {
  if (outcome !== 'busy') postToRun(data, runId, one[outcome])
  return outcome
}

function isStart(one: Outgoing): one is OutgoingStart {
  return one.type === 'start'
}

function byId({ start: a }: OutgoingStart, { start: b }: OutgoingStart): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1
  return a.workflowId === b.workflowId ? 0 : a.workflowId < b.workflowId ? -1 : 1
}

function startOutcome({ start }: OutgoingStart, outcome: StartOutcome): OutgoingOutcome {
  if (outcome.type === 'busy') return 'busy'
  return outcome.type === 'started' || outcome.runId === start.runId ? 'done' : 'refused'
}

function openTarget(data: MemoryData, { namespace, workflowId, runId, firstRunId }: MessageTarget): RunId | undefined {
  const row = runId === null ? currentRun(data, { namespace, workflowId }) : findRun(data, { namespace, workflowId, runId })
  if (row?.status !== 'RUNNING' || (firstRunId !== null && row.firstRunId !== firstRunId)) return undefined
  return row.runId
}

function isClosed(data: MemoryData, { namespace, workflowId, runId, firstRunId }: MessageTarget): boolean {
  const row = findRun(data, { namespace, workflowId, runId: runId ?? firstRunId })
  return row !== undefined && row.status !== 'RUNNING' && (firstRunId === null || row.firstRunId === firstRunId)
}
