/** When all is over: what users were told against what is stored, and each history against its cold replay. */
import { emptyPayload, type EventRecord, type RunId } from '@perdure/engine'
import { decodeEvent } from '../../packages/engine/src/protocol/event-codec.ts'
import { decodeArguments, decodePayload } from '../../packages/engine/src/protocol/payload-codec.ts'
import type { ExecutionRow, MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'
import type { Ledger } from './ledger.ts'
import { wrongOutcome } from './program-results.ts'
import type { ProgramResult } from './program-workflow.ts'
import { isCancelledByOther, isEndedByParent } from './relations.ts'
import { replayed, type Replayed } from './replays.ts'
import type { StoreWatch } from './store-watch.ts'
import type { ExecutionPlan } from './users.ts'

export interface FinalParts {
  readonly data: MemoryData
  readonly ledger: Ledger
  readonly watch: StoreWatch
  readonly plans: readonly ExecutionPlan[]
  /** Something went wrong on purpose, so attempts may have been lost. */
  readonly harsh: boolean
  readonly fail: (message: string) => void
}

export function checkRows({ data, fail }: FinalParts): void {
  for (const { runId, status } of data.executions.values()) if (status === 'RUNNING') fail(`I8: run ${runId} is open still`)
  if (data.inbox.size > 0) fail(`Messages are left over: ${[...data.inbox.keys()].join(', ')}`)
  if (data.tasks.size > 0) fail(`Tasks are left over: ${[...data.tasks.keys()].join(', ')}`)
  for (const [runId, events] of data.history) {
    if (events.length > 0 && !data.executions.has(runId)) fail(`The history of run ${runId} belongs to nobody`)
  }
}

/** What was acknowledged is there; what was refused is not. */
export function checkAnswers({ data, ledger, fail }: FinalParts): void {
  for (const { runId, answer, workflowId } of ledger.starts) {
    const isStored = data.executions.has(runId)
    if (answer === 'made' && !isStored) fail(`The start of ${workflowId}, run ${runId}, was acknowledged and lost`)
    if (answer === 'refused' && isStored) fail(`The start of ${workflowId}, run ${runId}, was refused and is stored`)
  }
  for (const { workflowId, answer, kind } of ledger.ends) {
    const runs = runsOf(data, workflowId)
    if (kind === 'terminate' && answer === 'made' && !runs.some(({ status }) => status === 'TERMINATED')) {
      fail(`The termination of ${workflowId} was acknowledged and did nothing`)
    }
  }
  for (const { workflowId, status, runId } of data.executions.values()) {
    const ended = ledger.ends.filter((end) => end.workflowId === workflowId && end.answer !== 'refused')
    const hasReplaced = ledger.starts.filter((start) => start.workflowId === workflowId).length > 1
    const isAsked = (asked: 'cancel' | 'terminate'): boolean => ended.some(({ kind }) => kind === asked)
    const isEnded = hasReplaced || isAsked('terminate') || isEndedByParent(data, runId)
    if (status === 'TERMINATED' && !isEnded) fail(`Run ${runId} was terminated by nobody`)
    if (status === 'CANCELLED' && !isAsked('cancel') && !isCancelledByOther(data, runId)) fail(`Run ${runId} was cancelled by nobody`)
  }
  checkSignals(data, ledger, fail)
}

function checkSignals(data: MemoryData, ledger: Ledger, fail: (message: string) => void): void {
  const applied = new Map<string, { readonly runId: RunId; readonly seq: number }>()
  for (const [runId, events] of data.history) {
    for (const event of events) {
      const id = signalOf(event)
      if (id === undefined) continue
      if (applied.has(id)) fail(`Signal ${id} was applied by two executions`)
      applied.set(id, { runId, seq: event.seq })
    }
  }
  for (const signal of ledger.signals) {
    const { id, workflowId, answer } = signal
    const place = applied.get(id)
    if (place !== undefined && data.executions.get(place.runId)?.workflowId !== workflowId) fail(`Signal ${id} came to another execution`)
    if (place !== undefined && answer === 'refused') fail(`Signal ${id} was refused and applied`)
    const mayBeGone = runsOf(data, workflowId).some(({ status }) => status === 'TERMINATED' || status === 'TIMED_OUT')
    if (place === undefined && answer === 'made' && !mayBeGone) fail(`Signal ${id} to ${workflowId} was acknowledged and lost`)
  }
  // Who sends the next one only after the first was acknowledged is heard in that order.
  for (const first of ledger.signals) {
    const one = applied.get(first.id)
    if (one === undefined) continue
    for (const next of ledger.signals) {
      const other = next.askedAt > first.answeredAt ? applied.get(next.id) : undefined
      if (other?.runId !== one.runId || other.seq > one.seq) continue
      fail(`Signal ${next.id}, sent after ${first.id} was acknowledged, was applied before it`)
    }
  }
}

function signalOf({ type, data }: EventRecord): string | undefined {
  const event = type === 'WorkflowExecutionSignaled' ? decodeEvent(type, data) : undefined
  return event?.type === 'WorkflowExecutionSignaled' ? String(decodeArguments(event.input)[0]) : undefined
}

function runsOf(data: MemoryData, workflowId: string): ExecutionRow[] {
  return [...data.executions.values()].filter((row) => row.workflowId === workflowId)
}

export async function checkReplays(parts: FinalParts): Promise<void> {
  const { data, fail } = parts
  for (const row of data.executions.values()) {
    if (row.firstTaskAt === null) continue
    const { runId } = row
    try {
      const again = await replayed(row, data.eventsOf(runId))
      checkEnd(parts, row, again)
      checkCauses(parts, runId, again)
      checkReleases(parts, runId, again)
    } catch (error) {
      fail(`I6: run ${runId} cannot be replayed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

function checkEnd({ plans, harsh, fail }: FinalParts, row: ExecutionRow, { live }: Replayed): void {
  const { runId, workflowId, status, result } = row
  const { outcome } = live
  const ended = {
    completed: 'COMPLETED', failed: 'FAILED', cancelled: 'CANCELLED', continuedAsNew: 'CONTINUED_AS_NEW', terminated: 'TERMINATED',
    none: 'TERMINATED',
  }[outcome?.type ?? 'none']
  const isStopped = status === 'TERMINATED' || status === 'TIMED_OUT'
  if (ended !== status && !isStopped) fail(`I6: run ${runId} is ${status}, and by its history ${ended}`)
  if (outcome?.type === 'completed' && status === 'COMPLETED' && (outcome.result ?? emptyPayload) !== result) {
    fail(`I6: run ${runId} has the result ${result}, and by its history ${outcome.result}`)
  }
  const plan = plans.find((each) => each.workflowId === workflowId)
  if (plan === undefined || isStopped) return
  if (status === 'FAILED' && plan.program.end !== 'fail' && plan.program.failsRuns === 0) fail(`Run ${runId} failed: ${row.failure}`)
  if (status !== 'COMPLETED' || result === null) return
  const { outcomes, cancelled } = decodePayload(result) as ProgramResult
  const wrong = cancelled ? undefined : wrongOutcome(plan.program.ops, outcomes, harsh)
  if (wrong !== undefined) fail(`The result of run ${runId} is wrong: ${wrong}`)
}

/** I3: what led to an activity was durable before it began. I6: it was the one that replay calls. */
function checkCauses({ ledger, fail }: FinalParts, runId: RunId, { activities }: Replayed): void {
  for (const attempt of ledger.attempts.values()) {
    if (attempt.runId !== runId) continue
    const { command, work, historyLength } = attempt
    const called = activities.get(command)
    const text = `activity ${command} (${work.id}) of run ${runId}`
    if (called === undefined) fail(`I6: ${text} ran, and replay does not call it`)
    else if (called.input !== JSON.stringify([work])) fail(`I6: ${text} ran, and replay calls it with ${called.input}`)
    else if (called.after > historyLength) {
      fail(`I3: ${text} began when ${historyLength} events were durable; it follows from event ${called.after}`)
    }
  }
}

/** I8: an execution that was let go is woken by its earliest timer, and all that it waits for is in the store. */
function checkReleases({ watch, fail }: FinalParts, runId: RunId, { waiting }: Replayed): void {
  for (const { runId: released, historyLength, wakeAt, commands } of watch.released) {
    const then = released === runId ? waiting[historyLength] : undefined
    if (then === undefined) continue
    const text = `run ${runId} was let go after event ${historyLength}`
    if (then.timerAt !== null && (wakeAt === null || wakeAt > then.timerAt)) {
      fail(`I8: ${text} until ${wakeAt}, and has a timer at ${then.timerAt}`)
    }
    const [asking] = then.unanswered
    if (asking !== undefined) fail(`O2: ${text} while request ${asking} was under way`)
    if (wakeAt !== null) continue
    const lost = then.activities.find((command) => !commands.includes(command))
    if (lost !== undefined) fail(`I8: ${text}, and nothing in the store stands for its activity ${lost}`)
  }
}
