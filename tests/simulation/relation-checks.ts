/** When all is over: children against their parents, runs against their chains, updates against their rows. */
import type { EventRecord, RunId } from '@perdure/engine'
import { type ChildEvent, type ExternalEnd, isChildEvent, isExternalEnd } from '../../packages/engine/src/protocol/event.ts'
import { decodeEvent } from '../../packages/engine/src/protocol/event-codec.ts'
import { decodeArguments } from '../../packages/engine/src/protocol/payload-codec.ts'
import { decodeStartDetails } from '../../packages/engine/src/protocol/start-details.ts'
import { type ExecutionRow, type MemoryData, updateKey } from '../../packages/testing/src/memory-store/memory-data.ts'
import type { FinalParts } from './final-checks.ts'
import { nextOf } from './relations.ts'

export function checkRelations(parts: FinalParts): void {
  for (const row of parts.data.executions.values()) {
    checkChain(parts, row)
    checkChild(parts, row)
  }
  checkRequests(parts)
  checkUpdates(parts)
}

/** Each run goes on in one that names it, and is there, or it is the last. */
function checkChain({ data, fail }: FinalParts, row: ExecutionRow): void {
  const { runId, firstRunId, workflowId, status, parent } = row
  const following = [...data.executions.values()].filter(({ details }) => decodeStartDetails(details).continuedFrom === runId)
  const next = nextOf(data, row)
  const where = `run ${runId} of ${workflowId} (${status})`
  if (following.length > 1) fail(`The chain of ${where} forks: ${following.map((each) => each.runId).join(', ')}`)
  if (following[0]?.runId !== next) fail(`${where} says that it goes on in ${next}, and ${following[0]?.runId} goes on from it`)
  if (status === 'CONTINUED_AS_NEW' && next === undefined) fail(`${where} goes on in no other run`)
  const [after] = following
  if (after === undefined) return
  if (after.workflowId !== workflowId || after.firstRunId !== firstRunId) fail(`${where} goes on in another chain`)
  const hasSameParent = after.parent?.runId === parent?.runId && after.parent?.command === parent?.command
  if (!hasSameParent) fail(`${where} has another parent in its next run`)
}

function checkChild({ data, fail }: FinalParts, { runId, firstRunId, workflowId, parent }: ExecutionRow): void {
  if (parent === null || runId !== firstRunId) return
  const where = `child ${workflowId} (run ${runId})`
  if (!data.executions.has(parent.runId)) fail(`The parent of ${where} does not exist`)
  const twins = [...data.executions.values()].filter((row) => (
    row.parent?.runId === parent.runId && row.parent.command === parent.command && row.runId === row.firstRunId))
  if (twins.length !== 1) fail(`Command ${parent.command} of run ${parent.runId} started ${twins.length} children`)
}

/** What histories say of requests is so: each was carried out once, or not at all. */
function checkRequests({ data, fail }: FinalParts): void {
  const applied = new Map<string, number>()
  for (const events of data.history.values()) {
    for (const event of events) {
      const id = signalOf(event)
      if (id !== undefined) applied.set(id, (applied.get(id) ?? 0) + 1)
    }
  }
  for (const [id, times] of applied) if (times > 1) fail(`Signal ${id} was applied ${times} times`)
  for (const [runId, events] of data.history) {
    for (const record of events) {
      const event = decodeEvent(record.type, record.data)
      const wrong = isChildEvent(event) ? wrongOfChild(data, runId, event) : isExternalEnd(event) ? wrongOfSignal(data, applied, event) : ''
      if (wrong !== '') fail(`Event ${record.seq} of run ${runId}: ${wrong}`)
    }
  }
}

function wrongOfChild(data: MemoryData, runId: RunId, event: ChildEvent): string {
  if (event.type === 'StartChildWorkflowExecutionFailed') {
    const child = [...data.executions.values()].find(({ parent }) => parent?.runId === runId && parent.command === event.command)
    return child === undefined ? '' : `the child was refused, and is there: run ${child.runId}`
  }
  const child = data.executions.get(event.runId)
  if (child?.parent?.runId !== runId || child.parent.command !== event.command) return 'the child is not there'
  if (event.type === 'ChildWorkflowExecutionStarted') return ''
  const isSame = child.status === event.status && (child.result ?? '') === event.result && (child.failure ?? '') === event.failure
  return isSame ? '' : `the child closed otherwise: ${JSON.stringify(child)}`
}

function wrongOfSignal(data: MemoryData, applied: ReadonlyMap<string, number>, event: ExternalEnd): string {
  if (!('signalName' in event)) return ''
  const id = String(decodeArguments(event.input)[0])
  if (event.type === 'SignalExternalWorkflowExecutionFailed') return applied.has(id) ? `signal ${id} was refused and applied` : ''
  const rows = [...data.executions.values()].filter(({ workflowId }) => workflowId === event.workflowId)
  const mayBeGone = rows.some(({ status }) => status === 'TERMINATED' || status === 'TIMED_OUT')
  return applied.has(id) || mayBeGone ? '' : `signal ${id} to ${event.workflowId} was sent and lost`
}

function signalOf({ type, data }: EventRecord): string | undefined {
  const event = type === 'WorkflowExecutionSignaled' ? decodeEvent(type, data) : undefined
  return event?.type === 'WorkflowExecutionSignaled' ? String(decodeArguments(event.input)[0]) : undefined
}

/** The rows of updates say what histories say. */
function checkUpdates({ data, ledger, fail }: FinalParts): void {
  const accepted = new Set<string>()
  for (const [runId, events] of data.history) {
    const ended = new Map<string, string>()
    for (const { type, data: text } of events) {
      const event = decodeEvent(type, text)
      if (event.type === 'WorkflowExecutionUpdateAccepted') ended.set(event.updateId, 'accepted')
      if (event.type === 'WorkflowExecutionUpdateCompleted') ended.set(event.updateId, 'completed')
    }
    for (const [updateId, stage] of ended) {
      accepted.add(updateId)
      const row = data.updates.get(updateKey({ runId, updateId }))
      if (row?.stage !== stage) fail(`Update ${updateId} of run ${runId} is ${stage}, and its row says ${row?.stage}`)
    }
  }
  for (const { id, bad, answer, workflowId } of ledger.updates) {
    if (bad && accepted.has(id)) fail(`Update ${id} of ${workflowId} is bad and was accepted`)
    if (!bad && answer === 'refused' && accepted.has(id) && !ledger.updates.some((one) => one.id === id && one.answer !== 'refused')) {
      fail(`Update ${id} of ${workflowId} was refused and accepted`)
    }
  }
}
