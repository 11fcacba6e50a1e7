/**
 * Ends of local activities, as markers of a Temporal history tell them, in the order of the markers: each when the code has called
 * the activity, several together when it has called them all.
 */
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import type { HistoryEventRead } from './history-events.ts'
import { endFromMarker, isLocalActivityMarker, type LocalActivityMarker, localActivityMarkerOf } from './local-activity-markers.ts'
import type { TemporalSequences } from './temporal-sequences.ts'
import { textOf } from './temporal-values.ts'
import type { WorkflowTask } from './workflow-tasks.ts'

export class LocalActivityReplay {
  readonly #live: LiveExecution
  readonly #sequences: TemporalSequences
  /** Of the task under way. */
  #markers: LocalActivityMarker[] = []
  /** The SDK waits between two attempts: by the number of its timer, the activity; by the event that began the timer, its number. */
  readonly #backoffs = new Map<string, CommandNumber>()
  readonly #backoffTimers = new Map<number, string>()

  constructor(live: LiveExecution, sequences: TemporalSequences) {
    this.#live = live
    this.#sequences = sequences
  }

  /** @throws HistoryFileError */
  begin({ commands = [] }: WorkflowTask): void {
    this.#markers = commands.filter(isLocalActivityMarker).map(localActivityMarkerOf)
    for (const { id, type, attributes } of commands) {
      if (type === 'TimerStarted') this.#backoffTimers.set(id, textOf(attributes['timerId']))
    }
  }

  readonly isBackoff = (timerId: string): boolean => this.#backoffs.has(timerId)

  /** A pause of the SDK is over: it calls the activity again. */
  noteFired({ type, attributes }: HistoryEventRead): void {
    if (type !== 'TimerFired') return
    const timer = this.#backoffTimers.get(Number(attributes['startedEventId']))
    const command = timer === undefined ? undefined : this.#backoffs.get(timer)
    if (command !== undefined) this.#sequences.callAgain(command, this.#live.pending)
  }

  /** True: the activity of the next marker has been called. */
  get isNext(): boolean {
    return this.#nextCommand() !== undefined
  }

  /** @throws NondeterminismError the code called another activity, or none that is local */
  apply(task: WorkflowTask): void {
    for (let command = this.#nextCommand(); command !== undefined; command = this.#nextCommand()) {
      const marker = this.#markers.shift() as LocalActivityMarker
      this.#applyOne(marker, command, task)
      while (this.#live.hasMore()) this.#live.settleMore()
    }
  }

  /** @throws NondeterminismError a marker is left whose activity the code has not called */
  refuseLeft(): void {
    const [left] = this.#markers
    if (left === undefined) return
    throw new NondeterminismError({ seq: left.eventId, expected: describe(left), got: 'the code has not called it here' })
  }

  #nextCommand(): CommandNumber | undefined {
    const [next] = this.#markers
    return next === undefined ? undefined : this.#sequences.activity(next.sequence, this.#live.pending)
  }

  #applyOne(marker: LocalActivityMarker, command: CommandNumber, task: WorkflowTask): void {
    const live = this.#live
    const activity = live.pending.activities.get(command)
    const isLocal = activity === undefined || activity.options.local === true
    if (live.pending.describe(command) !== `activity '${marker.activityType}'` || !isLocal) {
      const got = `${isLocal ? 'local ' : ''}${live.pending.describe(command)} with id ${marker.sequence}`
      throw new NondeterminismError({ seq: marker.eventId, expected: describe(marker), got, location: live.pending.location(command) })
    }
    // Its scope was cancelled: the code has gone on.
    if (activity === undefined || live.outcome !== undefined) return
    if (marker.isBackoff) {
      this.#backoffs.set(String(this.#sequences.passOver('timer', live.pending)), command)
      return
    }
    live.history.length = task.startedEventId - 1
    live.apply(endFromMarker(marker, activity), Math.max(task.at, marker.completedAt ?? 0), 0)
    live.history.size = task.historyBytes
  }
}

function describe({ activityType, sequence }: LocalActivityMarker): string {
  return `MarkerRecorded: local activity '${activityType}' with id ${sequence}`
}
