/** Drives one LiveExecution without a worker: events in, commands out, as the activation loop does it. */
import type { LiveExecution } from '../src/execution/live-execution.ts'
import { decodeEvent, encodeEvent } from '../src/protocol/event-codec.ts'
import type { ActivityFacts, HistoryEvent } from '../src/protocol/event.ts'
import type { ExecutionRecord } from '../src/protocol/execution-record.ts'
import { asRunId } from '../src/protocol/ids.ts'
import type { Payload } from '../src/protocol/payload.ts'
import type { EventRecord } from '../src/protocol/transition.ts'
import type { WorkflowFunction } from '../src/registry.ts'
import { createLive } from '../src/worker/executions/live-factory.ts'
import { encodeActivityOptions } from '../src/protocol/activity-options-codec.ts'

export const startedAt = 1_000_000

export const record: ExecutionRecord = {
  namespace: 'test', workflowId: 'w', runId: asRunId('01a1fc1d-1a1f-7fa9-8a3e-0a90c10d8b28'), workflowType: 'program', taskQueue: 'queue',
  status: 'RUNNING', priority: 3, owner: null, wakeAt: null, held: null, input: '[]' as Payload, result: null, failure: null, memo: null,
  searchAttributes: null, firstRunId: asRunId('01a1fc1d-1a1f-7fa9-8a3e-0a90c10d8b28'), takeovers: 0, startedAt, firstTaskAt: startedAt,
  closedAt: null, parent: null, expiresAt: null, details: null,
}

export class ExecutionDriver {
  readonly live: LiveExecution
  readonly events: EventRecord[] = []
  /** What each activation asked for: the first is the beginning, then one for each event. */
  readonly asked: string[] = []
  readonly strays: Error[] = []

  constructor(fn: WorkflowFunction, options: { readonly replaying: boolean; readonly captureLocations?: boolean }) {
    this.live = createLive({
      record, fn, wallClock: () => startedAt, onStray: (error) => void this.strays.push(error),
        captureLocations: options.captureLocations ?? false,
    })
    this.live.replaying = options.replaying
  }

  async begin(): Promise<void> {
    await this.#activate(() => this.live.begin())
  }

  async apply(event: HistoryEvent, at: number): Promise<void> {
    await this.applyRecord({ seq: this.events.length + 1, type: event.type, at, data: encodeEvent(event) })
  }

  async applyRecord(stored: EventRecord): Promise<void> {
    this.events.push(stored)
    await this.#activate(() => this.live.apply(decodeEvent(stored.type, stored.data), stored.at, stored.data.length))
  }

  /** Everything that the next event could depend on. */
  state(): string {
    const { live } = this
    const activities = [...live.pending.activities.values()].map(({ command, activityType, scheduledAt, cancelRequested, input }) => (
      [command, activityType, scheduledAt, cancelRequested, input]))
    const timers = [...live.pending.timers.values()].map(({ command, fireAt }) => [command, fireAt])
    const { outcome, taskFailure } = live
    const how = outcome === undefined ? null : 'error' in outcome ? String(outcome.error) : 'result' in outcome ? outcome.result : null
    const end = outcome === undefined ? null : [outcome.type, how]
    return JSON.stringify({ activities, timers, issued: live.pending.issued, end, failure: taskFailure?.message, now: live.time,
      next: this.asked.at(-1) })
  }

  async #activate(step: () => void): Promise<void> {
    let next: (() => void) | undefined = step
    while (next !== undefined) {
      const apply: () => void = next
      await new Promise<void>((resolve, reject) => {
        setImmediate(() => {
          this.live.activating = true
          try { apply() } catch (error) { reject(error) }
        })
        setImmediate(resolve)
      })
      next = this.live.hasMore() ? () => this.live.settleMore() : undefined
      this.live.activating = false
    }
    this.asked.push(JSON.stringify(this.live.takeCommands()))
  }
}

/** The facts of a pending activity's end. */
export function factsOf(live: LiveExecution, command: number): ActivityFacts {
  const activity = live.pending.activities.get(command)
  if (activity === undefined) throw new Error(`No activity waits as command ${command}`)
  const { activityType, activityId, scheduledAt, options, input } = activity
  return {
    command, activityType, activityId, taskQueue: 'queue', attempt: 1, scheduledAt, startedAt: scheduledAt,
      options: encodeActivityOptions(options), input,
  }
}
