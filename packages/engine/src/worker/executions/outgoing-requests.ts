/**
 * What an execution asks of others: from commands of its code to the records that a commit carries
 * (docs/decisions/0005-between-executions.md), and what follows from the outcome of each.
 *
 * - O1: a request is in a unit, under way, or answered in the inbox; `owned.asked` has its command from then on, so that a
 *   replay in this process does not ask again. Another process has the inbox, which came with its claim.
 * - O2: an execution neither closes nor is released while requests are under way (`owned.asking`).
 * - O3: requests to one execution are carried out in the order in which they were asked, its start first (target-queues.ts).
 */
import type { ResolvedChildOptions } from '@perdure/workflow/host'
import { jsonValues } from '../../conversion/value-converter.ts'
import type { ExternalRequest, PendingChild } from '../../execution/pending-commands.ts'
import { outgoingRetryMs, outgoingRetryMsMax } from '../../limits.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import type { ExternalEnd, HistoryEvent, WorkflowExecutionCancelRequested, WorkflowExecutionSignaled } from '../../protocol/event.ts'
import { encodeHeaders } from '../../protocol/headers.ts'
import { asRunId, type CommandNumber, type Millis, type RunId } from '../../protocol/ids.ts'
import { encodePayload } from '../../protocol/payload-codec.ts'
import { runExpiry } from '../../protocol/run-expiry.ts'
import { decodeStartDetails, encodeStartDetails, type StartDetails } from '../../protocol/start-details.ts'
import { terminatedByStart } from '../../protocol/terminated-by-start.ts'
import type {
  IdReusePolicy, MessageTarget, MessageText, Outgoing, OutgoingOutcome, OutgoingStart, StartRecord,
} from '../../protocol/transition.ts'
import { afterCommit, openUnit, sendUnit } from '../commits/open-unit.ts'
import type { OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { derivedRunId } from './derived-run-id.ts'

/** The next commit carries it, unless it waits for an earlier one to the same execution. It may be under way or answered already. */
function ask(owned: OwnedExecution, request: Outgoing): void {
  const { command } = request
  if (owned.asked.has(command)) return
  owned.asked.add(command)
  owned.asking++
  if (owned.targets.mayGo(request, owned.unit)) carry(owned, request)
}

/** The next commit carries it; where that never will be, it is not under way any more. */
function carry(owned: OwnedExecution, request: Outgoing): void {
  const unit = openUnit(owned)
  unit.outgoing.push(request)
  unit.undo.push(() => giveBack(owned, request))
  owned.targets.goes(request, unit)
}

/** With those that waited for it: the code that runs again asks anew, in its order. */
function giveBack(owned: OwnedExecution, request: Outgoing): void {
  for (const { command } of [request, ...owned.targets.ended(request)]) {
    leavePlace(owned, command)
    owned.asking--
    owned.asked.delete(command)
  }
}

/**
 * A child is not asked to cancel any more when its parent's code has ended: the parent close policy says what becomes of it, and
 * the two would race. So it is on Temporal.
 */
export function askOther(owned: OwnedExecution, request: ExternalRequest): void {
  if (owned.live?.outcome !== undefined && request.kind === 'cancel' && request.target.child !== undefined) return
  ask(owned, externalMessage(owned, request))
}

function leavePlace({ places }: OwnedExecution, command: CommandNumber): void {
  places.get(command)?.()
  places.delete(command)
}

export function askForChild(context: WorkerContext, owned: OwnedExecution, child: PendingChild): void {
  if (owned.asked.has(child.command)) return
  const request = childStart(context, owned, child)
  if (request.start.owned) owned.places.set(child.command, context.executions.reserve(request.start.taskQueue))
  if (child.options.workflowIdReusePolicy === 'TERMINATE_IF_RUNNING') askReplacing(context, owned, request)
  else ask(owned, request)
}

/**
 * A child that takes the place of whoever has its workflow id. That execution is ended first, once it is durable that the code
 * wants it (I3): it may have a family of its own, which no commit of ours is to wait for.
 */
function askReplacing(context: WorkerContext, owned: OwnedExecution, request: OutgoingStart): void {
  const { start: { namespace, workflowId } } = request
  if (owned.asked.has(request.command)) return
  owned.asked.add(request.command)
  owned.asking++
  owned.targets.goes(request, undefined)
  const terminate = async (): Promise<void> => {
    const { store, clock } = context
    if (isLeaving(owned)) return
    try {
      await store.terminate({ namespace, workflowId, runId: null, failure: terminatedByStart, at: clock.now() })
    } catch (error) {
      clock.timer(outgoingRetryMsMax, () => context.background('replacing an execution', terminate))
      throw error
    }
    context.notifier?.publish('closed')
    send(context, owned, [request])
  }
  afterCommit(owned, () => context.background('replacing an execution', terminate), () => giveBack(owned, request))
}

/** The commit that carried `requests` is durable. Undefined: the store has nothing to say of them, which cannot be. */
export function asked(
  context: WorkerContext, owned: OwnedExecution, requests: readonly Outgoing[], outcomes: readonly OutgoingOutcome[] | undefined,
): void {
  const again: Outgoing[] = []
  const next: Outgoing[] = []
  requests.forEach((request, index) => {
    const outcome = outcomes?.[index] ?? 'busy'
    if (outcome === 'busy') return void again.push(request)
    owned.asking--
    leavePlace(owned, request.command)
    if (outcome === 'done' && request.type === 'start' && request.start.owned) context.adopt(request.start)
    next.push(...owned.targets.ended(request))
  })
  if (again.length < requests.length) {
    owned.askTries = 0
    context.kickInbox()
    context.kickClaim()
    context.notifier?.publish('queue')
  }
  if (next.length > 0) send(context, owned, next)
  if (again.length > 0) askAgain(context, owned, again)
  // The answer was read from the inbox before this: its code has ended on it, and the close waited (O2).
  else if (owned.asking === 0 && owned.live?.outcome !== undefined) context.loop.wake(owned)
}

/** Somebody holds a row that they need, for a moment or for as long as a transaction of a user is open. */
function askAgain(context: WorkerContext, owned: OwnedExecution, requests: readonly Outgoing[]): void {
  const pauseMs = Math.min(outgoingRetryMs * 2 ** owned.askTries++, outgoingRetryMsMax)
  context.clock.timer(pauseMs, () => send(context, owned, requests))
}

function send(context: WorkerContext, owned: OwnedExecution, requests: readonly Outgoing[]): void {
  if (isLeaving(owned)) return
  for (const request of requests) carry(owned, request)
  sendUnit(context, owned)
}

/** Of one that is being held, whoever takes it up asks again: no release goes with requests (O2). */
function isLeaving({ phase, holdFailure }: OwnedExecution): boolean {
  return phase === 'gone' || holdFailure !== undefined
}

function childStart(context: WorkerContext, owned: OwnedExecution, child: PendingChild): OutgoingStart {
  const { record } = owned
  const { command, workflowType, options, input, initiatedAt } = child
  const { workflowId = '', taskQueue = record.taskQueue, parentClosePolicy } = options
  const startedAt = context.clock.now()
  const runId = childRunId(owned, child)
  const details = childDetails(owned, options, startedAt)
  const facts = { command, workflowId, workflowType, taskQueue, parentClosePolicy, initiatedAt, input }
  return {
    type: 'start', command,
    start: {
      namespace: record.namespace, workflowId, runId, workflowType, taskQueue, priority: options.priority ?? record.priority, input,
      memo: options.memo === undefined ? null : (context.values ?? jsonValues).encodeFields(options.memo, 'memo of a child workflow'),
      searchAttributes: options.searchAttributes === undefined ? null
        : encodePayload(options.searchAttributes, 'search attributes of a child workflow'),
      startedAt, wakeAt: startedAt, ...reuseOf(options),
      owned: context.accepts(taskQueue, workflowType),
      link: {
        firstRunId: runId, parent: { runId: owned.runId, command, closePolicy: parentClosePolicy },
        expiresAt: runExpiry(details, startedAt), details: encodeStartDetails(details), messages: [],
      },
    },
    done: text({ type: 'ChildWorkflowExecutionStarted', ...facts, runId }),
    refused: text({ type: 'StartChildWorkflowExecutionFailed', ...facts, cause: 'WORKFLOW_ALREADY_EXISTS' }),
  }
}

function externalMessage(owned: OwnedExecution, request: ExternalRequest): Outgoing {
  const { command, kind, target: { workflowId }, signalName, input, initiatedAt } = request
  const to = targetOf(owned, request)
  const identity = `workflow ${owned.record.workflowId}`
  const headers = encodeHeaders(request.headers)
  const message: WorkflowExecutionSignaled | WorkflowExecutionCancelRequested = kind === 'signal'
    ? { type: 'WorkflowExecutionSignaled', signalName, identity, ...(headers === undefined ? {} : { headers }), input }
    : { type: 'WorkflowExecutionCancelRequested', reason: '', identity }
  const facts = { command, workflowId, runId: to.runId, initiatedAt }
  const answer = (isDone: boolean): ExternalEnd => kind === 'signal'
    ? { type: isDone ? 'ExternalWorkflowExecutionSignaled' : 'SignalExternalWorkflowExecutionFailed', ...facts, signalName, input }
    : { type: isDone ? 'ExternalWorkflowExecutionCancelRequested' : 'RequestCancelExternalWorkflowExecutionFailed', ...facts }
  const answers = { done: text(answer(true)), refused: text(answer(false)) }
  // As for clients: to cancel what has closed changes nothing, and is no error.
  return { type: 'message', command, to, message: text(message), ...(kind === 'cancel' ? { closedIsDone: true } : {}), ...answers }
}

function childRunId(owned: OwnedExecution, { command, initiatedAt }: PendingChild): RunId {
  return derivedRunId(owned.runId, `child ${command}`, initiatedAt)
}

function childDetails({ record, runId }: OwnedExecution, options: ResolvedChildOptions, startedAt: Millis): StartDetails {
  const { workflowId, namespace } = record
  const own = decodeStartDetails(record.details)
  const { retry, executionTimeoutMs, runTimeoutMs, taskTimeoutMs, headers, staticSummary, staticDetails } = options
  return {
    parent: { workflowId, runId, namespace }, root: own.root ?? (own.parent === undefined ? { workflowId, runId } : own.parent),
    ...(retry === undefined ? {} : { retry }), ...(executionTimeoutMs === undefined ? {} : { executionTimeoutMs }),
    ...(executionTimeoutMs === undefined ? {} : { executionExpiresAt: startedAt + executionTimeoutMs }),
    ...(runTimeoutMs === undefined ? {} : { runTimeoutMs }), ...(taskTimeoutMs === undefined ? {} : { taskTimeoutMs }),
    ...(headers === undefined ? {} : { headers }), ...(staticSummary === undefined ? {} : { staticSummary }),
    ...(staticDetails === undefined ? {} : { staticDetails }),
  }
}

/** With TERMINATE_IF_RUNNING the running one is ended first (askReplacing). */
function reuseOf({ workflowIdReusePolicy = 'ALLOW_DUPLICATE' }: ResolvedChildOptions): Pick<StartRecord, 'reusePolicy' | 'conflictPolicy'> {
  if (workflowIdReusePolicy === 'TERMINATE_IF_RUNNING') return { reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'FAIL' }
  return { reusePolicy: workflowIdReusePolicy as IdReusePolicy, conflictPolicy: 'FAIL' }
}

function targetOf(owned: OwnedExecution, { target }: ExternalRequest): MessageTarget {
  const { workflowId, runId, firstRunId, child } = target
  // A child is known by the run that its start makes, whether it is there already or not: never another with its workflow id.
  const first = firstRunId ?? (child === undefined ? undefined : child.runId ?? childRunId(owned, child))
  return {
    namespace: owned.record.namespace, workflowId, runId: runId === undefined ? null : asRunId(runId),
    firstRunId: first === undefined ? null : asRunId(first),
  }
}

function text(event: HistoryEvent): MessageText {
  return { type: event.type, data: encodeEvent(event) }
}

