/** Writes the events of one execution in Temporal's form, with the numbers that tie them together. Pure. */
import { jsonValues } from '../conversion/value-converter.ts'
import type { Command, ScheduleActivity } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import type {
  ActivityEnd, ChildEvent, ChildWorkflowExecutionClosed, ChildWorkflowExecutionStarted, HistoryEvent,
} from '../protocol/event.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { encodeHeaders } from '../protocol/headers.ts'
import type { CommandNumber, Millis } from '../protocol/ids.ts'
import { nextRunOf } from '../protocol/next-run-result.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import { localActivityMarkerAttributes } from './local-activity-markers.ts'
import { type Mark, patchMarkerAttributes } from './patch-markers.ts'
import { type Attributes, attributesName, durationText, enumName, given, type TemporalEvent, timeText } from './temporal-event.ts'
import { temporalDetails, temporalFailure } from './temporal-failure.ts'
import {
  childClosedAttributes, childClosedType, childInitiated, continuedAsNew, externalEndAttributes, externalInitiated, headerOf,
  updateAccepted, updateCompleted,
} from './temporal-others.ts'
import { temporalArguments, temporalMap, temporalPayloads, temporalValue } from './temporal-payload.ts'
import type { TemporalSequences } from './temporal-sequences.ts'
import { startAttributes, typed } from './temporal-start.ts'

/**
 * Behaviours of the SDK that ours are equal to, by the numbers under which histories name them: ids and types are checked; what
 * follows the end of a workflow stands before it; scopes shield; the jobs of an activation are one batch.
 */
const usedFlags = { coreUsedFlags: [1, 3], langUsedFlags: [1, 2], sdkName: 'perdure' }
const identity = 'perdure'

export class HistoryWriter {
  readonly events: TemporalEvent[] = []
  readonly #record: ExecutionRecord
  readonly #sequences: TemporalSequences
  /** Events that began what commands asked for. */
  readonly #begun = new Map<CommandNumber, string>()
  readonly #childrenStarted = new Map<CommandNumber, string>()
  /** Of updates, the events that accepted them. */
  readonly #accepted = new Map<string, string>()
  #completedEventId = '0'
  #values = jsonValues
  #at: Millis

  constructor(record: ExecutionRecord, sequences: TemporalSequences) {
    this.#sequences = sequences
    this.#record = record
    this.#at = record.startedAt
    this.#add(record.startedAt, 'WorkflowExecutionStarted', startAttributes(record, identity))
  }

  /** What came from outside, before the workflow task that takes it in. */
  addStored(event: HistoryEvent, at: Millis): void {
    switch (event.type) {
      case 'WorkflowExecutionSignaled':
        this.#add(at, event.type, {
          signalName: event.signalName, input: temporalArguments(event.input), identity: event.identity, header: headerOf(event.headers),
        })
        return
      case 'WorkflowExecutionCancelRequested':
        this.#add(at, event.type, { cause: event.reason, identity: event.identity })
        return
      case 'TimerFired':
        this.#add(at, event.type, { timerId: this.#sequences.of(event.command), startedEventId: this.#begun.get(event.command) })
        return
      case 'ChildWorkflowExecutionStarted':
      case 'StartChildWorkflowExecutionFailed':
      case 'ChildWorkflowExecutionClosed':
        this.#addChildEvent(event, at)
        return
      case 'ExternalWorkflowExecutionSignaled':
      case 'SignalExternalWorkflowExecutionFailed':
      case 'ExternalWorkflowExecutionCancelRequested':
      case 'RequestCancelExternalWorkflowExecutionFailed': {
        const initiatedEventId = this.#begun.get(event.command)
        this.#add(at, event.type, { initiatedEventId, ...externalEndAttributes(event, this.#record.namespace) })
        return
      }
      // They show in the workflow task: as what it took in, or as what its commands became.
      case 'WorkflowTaskStarted':
      case 'PatchMarked':
      case 'WorkflowExecutionUpdateAccepted':
      case 'WorkflowExecutionUpdateCompleted':
        return
      default:
        this.#addActivityEnd(event, at)
    }
  }

  /** A workflow task, and the events of its commands. */
  addTask(live: LiveExecution, commands: readonly (Command | Mark)[]): void {
    const at = live.time
    const before = String(this.events.length)
    const { taskQueue } = this.#record
    const scheduledEventId = this.#add(at, 'WorkflowTaskScheduled', { taskQueue: queue(taskQueue), startToCloseTimeout: '10s', attempt: 1 })
    const startedEventId = this.#add(at, 'WorkflowTaskStarted', {
      scheduledEventId, identity, historySizeBytes: String(live.history.size), suggestContinueAsNew: live.info().continueAsNewSuggested,
    })
    const isFirst = this.#completedEventId === '0'
    this.#completedEventId = this.#add(at, 'WorkflowTaskCompleted', {
      scheduledEventId, startedEventId, identity, ...(isFirst ? { sdkMetadata: usedFlags } : {}),
    })
    this.#sequences.note(live.pending)
    this.#values = live.values
    for (const command of commands) {
      if (command.type === 'AcceptUpdate') this.#addUpdate(command, at, before)
      else this.#addCommand(command, at)
    }
  }

  #addUpdate({ update }: Extract<Mark, { type: 'AcceptUpdate' }>, at: Millis, before: string): void {
    this.#accepted.set(update.updateId, this.#add(at, 'WorkflowExecutionUpdateAccepted', updateAccepted(update, before)))
  }

  /** How the workflow function ended, in the workflow task that was written last. */
  addOutcome({ outcome }: LiveExecution): void {
    const { status, result, failure, closedAt, taskQueue } = this.#record
    const newExecutionRunId = nextRunOf(this.#record)
    const at = Math.max(this.#at, closedAt ?? 0)
    const task = { workflowTaskCompletedEventId: this.#completedEventId }
    if (status === 'COMPLETED') {
      this.#add(at, 'WorkflowExecutionCompleted', { ...(result === null ? {} : { result: temporalPayloads(result) }), ...task })
    } else if (status === 'FAILED') {
      this.#add(at, 'WorkflowExecutionFailed', {
        ...(failure === null ? {} : { failure: temporalFailure(failure) }), retryState: 'RETRY_STATE_RETRY_POLICY_NOT_SET', ...task,
        newExecutionRunId,
      })
    } else if (status === 'CANCELLED') {
      this.#add(at, 'WorkflowExecutionCanceled', task)
    } else if (status === 'CONTINUED_AS_NEW' && outcome?.type === 'continuedAsNew') {
      this.#add(at, 'WorkflowExecutionContinuedAsNew', { newExecutionRunId, ...continuedAsNew(outcome, taskQueue), ...task })
    } else this.addEnd()
  }

  /** How the execution was ended from outside, if it was. */
  addEnd(): void {
    const { status, failure, closedAt } = this.#record
    const at = Math.max(this.#at, closedAt ?? 0)
    if (status === 'TERMINATED') {
      const reason = failure === null ? '' : (decodePayload(failure) as { readonly message?: string }).message ?? ''
      this.#add(at, 'WorkflowExecutionTerminated', { reason, identity })
    } else if (status === 'TIMED_OUT') {
      const newExecutionRunId = nextRunOf(this.#record)
      this.#add(at, 'WorkflowExecutionTimedOut', { retryState: 'RETRY_STATE_RETRY_POLICY_NOT_SET', newExecutionRunId })
    }
  }

  /** @param summary one line for people, which stands beside the attributes */
  #add(at: Millis, type: string, attributes: Attributes, summary?: string): string {
    const eventId = String(this.events.length + 1)
    this.#at = at
    this.events.push({
      eventId, eventTime: timeText(at), eventType: enumName('EVENT_TYPE', type), [attributesName(type)]: given(attributes),
      ...(summary === undefined ? {} : { userMetadata: { summary: temporalValue(summary) } }),
    })
    return eventId
  }

  #addCommand(command: Command | Exclude<Mark, { type: 'AcceptUpdate' }>, at: Millis): void {
    const workflowTaskCompletedEventId = this.#completedEventId
    const begun = 'command' in command ? this.#begun.get(command.command) : undefined
    switch (command.type) {
      case 'ScheduleActivity':
        this.#addScheduled(command, at)
        return
      case 'CancelActivity':
        this.#add(at, 'ActivityTaskCancelRequested', { scheduledEventId: begun, workflowTaskCompletedEventId })
        return
      case 'StartTimer':
        this.#begun.set(command.command, this.#add(at, 'TimerStarted', {
          timerId: this.#sequences.of(command.command), startToFireTimeout: durationText(command.durationMs), workflowTaskCompletedEventId,
        }, command.summary))
        return
      case 'CancelTimer':
        this.#add(at, 'TimerCanceled', {
          timerId: this.#sequences.of(command.command), startedEventId: begun, workflowTaskCompletedEventId, identity,
        })
        return
      case 'StartChildWorkflow': {
        const { taskQueue, namespace } = this.#record
        const attributes = childInitiated(command.child, { parentQueue: taskQueue, namespace, values: this.#values })
        const added = this.#add(at, 'StartChildWorkflowExecutionInitiated', { ...attributes, workflowTaskCompletedEventId })
        this.#begun.set(command.command, added)
        return
      }
      case 'AskExternalWorkflow': {
        const type = command.request.kind === 'signal' ? 'SignalExternalWorkflow' : 'RequestCancelExternalWorkflow'
        const attributes = externalInitiated(command.request, this.#record.namespace)
        this.#begun.set(command.command, this.#add(at, `${type}ExecutionInitiated`, { ...attributes, workflowTaskCompletedEventId }))
        return
      }
      case 'UpsertMemo':
        this.#add(at, 'WorkflowPropertiesModified', {
          upsertedMemo: { fields: temporalMap(command.memo) ?? {} }, workflowTaskCompletedEventId,
        })
        return
      case 'UpsertSearchAttributes':
        this.#add(at, 'UpsertWorkflowSearchAttributes', {
          searchAttributes: { indexedFields: typed(temporalMap(command.searchAttributes) ?? {}) }, workflowTaskCompletedEventId,
        })
        return
      case 'CompleteUpdate': {
        const acceptedEventId = this.#accepted.get(command.updateId)
        this.#add(at, 'WorkflowExecutionUpdateCompleted', { acceptedEventId, ...updateCompleted(command) })
        return
      }
      case 'MarkLocalActivity':
        this.#add(at, 'MarkerRecorded', {
          ...localActivityMarkerAttributes(command, this.#sequences.of(command.command)), workflowTaskCompletedEventId,
        }, command.summary)
        return
      case 'MarkPatch':
        this.#add(at, 'MarkerRecorded', { ...patchMarkerAttributes(command), workflowTaskCompletedEventId })
        return
      default:
        command satisfies never
    }
  }

  #addChildEvent(event: ChildEvent, at: Millis): void {
    const { command, workflowId, workflowType } = event
    const { namespace } = this.#record
    const initiatedEventId = this.#begun.get(command)
    const common = { namespace, workflowType: { name: workflowType }, initiatedEventId }
    switch (event.type) {
      case 'ChildWorkflowExecutionStarted':
        this.#addChildStarted(event, at)
        return
      case 'StartChildWorkflowExecutionFailed':
        this.#add(at, event.type, {
          ...common, workflowId, cause: 'START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS',
        })
        return
      case 'ChildWorkflowExecutionClosed': {
        // One that ended before its start was heard of.
        const startedEventId = this.#childrenStarted.get(command) ?? this.#addChildStarted(event, at)
        const workflowExecution = { workflowId, runId: event.runId }
        this.#add(at, childClosedType(event), { ...common, workflowExecution, startedEventId, ...childClosedAttributes(event) })
      }
    }
  }

  #addChildStarted(
    { command, workflowId, runId, workflowType }: ChildWorkflowExecutionStarted | ChildWorkflowExecutionClosed, at: Millis,
  ): string {
    const added = this.#add(at, 'ChildWorkflowExecutionStarted', {
      namespace: this.#record.namespace, initiatedEventId: this.#begun.get(command), workflowExecution: { workflowId, runId },
      workflowType: { name: workflowType }, header: headerOf(undefined),
    })
    this.#childrenStarted.set(command, added)
    return added
  }

  #addScheduled({ command, activityType, activityId, options, input }: ScheduleActivity, at: Millis): void {
    const id = options.activityId === undefined ? this.#sequences.of(command) : activityId
    const { retry } = options
    const ms = (value: number | undefined): string => durationText(value ?? 0)
    this.#begun.set(command, this.#add(at, 'ActivityTaskScheduled', {
      activityId: id, activityType: { name: activityType }, taskQueue: queue(options.taskQueue ?? this.#record.taskQueue),
      header: headerOf(encodeHeaders(options.headers)),
      input: temporalArguments(input), scheduleToCloseTimeout: ms(options.scheduleToCloseMs),
      scheduleToStartTimeout: ms(options.scheduleToStartMs), startToCloseTimeout: ms(options.startToCloseMs),
      heartbeatTimeout: ms(options.heartbeatMs),
      workflowTaskCompletedEventId: this.#completedEventId,
      retryPolicy: {
        initialInterval: ms(retry.initialMs), backoffCoefficient: retry.coefficient, maximumInterval: ms(retry.maximumMs),
        maximumAttempts: retry.maximumAttempts, nonRetryableErrorTypes: retry.nonRetryableErrorTypes,
      },
    }, options.summary))
  }

  #addActivityEnd(event: ActivityEnd, at: Millis): void {
    const { command, attempt } = event
    const scheduledEventId = this.#begun.get(command)
    // A failure and a result imply a start; the clock may have been set back before the end.
    const mustHaveStarted = event.type === 'ActivityTaskCompleted' || event.type === 'ActivityTaskFailed'
    const startedAt = event.startedAt ?? (mustHaveStarted ? at : null)
    const requestId = `${this.#record.runId}-${command}`
    const startedEventId = startedAt === null
      ? '0' : this.#add(Math.min(startedAt, at), 'ActivityTaskStarted', { scheduledEventId, identity, requestId, attempt })
    this.#add(at, event.type, { ...endAttributes(event), scheduledEventId, startedEventId, identity })
  }
}

function endAttributes(event: ActivityEnd): Attributes {
  switch (event.type) {
    case 'ActivityTaskCompleted':
      return { result: temporalPayloads(event.result) }
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
      return { failure: temporalFailure(event.failure), retryState: `RETRY_STATE_${event.retryState}` }
    case 'ActivityTaskCanceled': {
      return { details: temporalDetails(event.failure) }
    }
  }
}

function queue(name: string): Attributes {
  return { name, kind: 'TASK_QUEUE_KIND_NORMAL' }
}

