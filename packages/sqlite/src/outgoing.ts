/** What executions ask of others, and the answers in their own inboxes. */
import type { Incarnation, MessageTarget, Outgoing, OutgoingOutcome, OutgoingStart, RunId, StartOutcome, Transition } from '@perdure/engine'
import type { Database } from './database.ts'
import { decodeExecution } from './statements/execution-row.ts'
import { findExecution } from './statements/find-execution.ts'
import { insertMessage } from './statements/insert-message.ts'
import { startExecution } from './starts.ts'
import { findTarget } from './target.ts'

/** Starts before messages, so that a message finds the child that was started beside it. */
export function sendOutgoing(
  database: Database, incarnation: Incarnation | null, transitions: readonly Transition[],
): ReadonlyMap<RunId, readonly OutgoingOutcome[]> {
  const { connection } = database
  const outcomes = new Map<Outgoing, OutgoingOutcome>()
  const all = transitions.flatMap(transition => transition.outgoing ?? [])
  for (const one of all.filter(isStart).toSorted(byId)) {
    outcomes.set(one, startOutcome(one, startExecution(database, incarnation, one.start)))
  }
  for (const one of all) {
    if (one.type !== 'message') continue
    const to = openTarget(database, one.to)
    if (to !== undefined) connection.run(insertMessage, to, one.message.type, one.message.data)
    outcomes.set(one, to !== undefined || (one.closedIsDone === true && isClosed(database, one.to)) ? 'done' : 'refused')
  }
  const answered = ({ runId, outgoing = [] }: Transition) => outgoing.map(one => answer(database, runId, one, outcomes.get(one)))
  return new Map(transitions.map(transition => [transition.runId, answered(transition)]))
}

function answer({ connection, runs }: Database, runId: RunId, one: Outgoing, outcome: OutgoingOutcome = 'busy'): OutgoingOutcome {
  const id = runs.idOf(runId)
  if (outcome !== 'busy' && id !== undefined) connection.run(insertMessage, id, one[outcome].type, one[outcome].data)
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

function openTarget(database: Database, to: MessageTarget): number | undefined {
  const target = findTarget(database, to)
  return target?.status === 'RUNNING' && isOfChain(database, target.id, to) ? target.id : undefined
}

function isClosed(database: Database, to: MessageTarget): boolean {
  const target = findTarget(database, { ...to, runId: to.runId ?? to.firstRunId })
  return target !== undefined && target.status !== 'RUNNING' && isOfChain(database, target.id, to)
}

function isOfChain({ connection }: Database, id: number, { firstRunId }: MessageTarget): boolean {
  if (firstRunId === null) return true
  const row = connection.get(findExecution, id)
  return row !== undefined && decodeExecution(row).firstRunId === firstRunId
}
