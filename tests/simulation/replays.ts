/** What a cold replay of a history says, event by event. */
import type { EventRecord, ExecutionRecord } from '@perdure/engine'
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'
import { replayReadOnly } from '../../packages/engine/src/worker/executions/read-only-replay.ts'
import { runProgram } from './program-workflow.ts'

export interface PendingActivity {
  readonly input: string
  /** So many events had to be applied before it was called. */
  readonly after: number
}

export interface Waiting {
  readonly timerAt: number | null
  /** Activities that wait for their end, and were not cancelled. */
  readonly activities: readonly number[]
  /** Requests to others, and children, of which nobody has said whether they were carried out. */
  readonly unanswered: readonly number[]
}

export interface Replayed {
  readonly live: LiveExecution
  /** By the number of the command. */
  readonly activities: ReadonlyMap<number, PendingActivity>
  /** By the number of events applied; undefined where the workflow function had not been called. */
  readonly waiting: readonly (Waiting | undefined)[]
}

export async function replayed(record: ExecutionRecord, events: readonly EventRecord[]): Promise<Replayed> {
  const activities = new Map<number, PendingActivity>()
  const waiting: (Waiting | undefined)[] = []
  const look = (live: LiveExecution, after: number): void => {
    const open: number[] = []
    for (const { command, input, cancelRequested } of live.pending.activities.values()) {
      if (!activities.has(command)) activities.set(command, { input, after })
      if (!cancelRequested) open.push(command)
    }
    const unanswered = [...live.calls.pendingRequests, ...[...live.calls.pendingChildren].filter((child) => child.runId === undefined)]
    waiting[after] = {
      timerAt: live.pending.earliestTimer(), activities: open, unanswered: unanswered.map(({ command }) => command),
    }
  }
  const live = await replayReadOnly({ record, fn: runProgram, wallClock: () => 0 }, events, {}, look)
  return { live, activities, waiting }
}
