/** Replays a log from nothing, in several ways that must all come to the same: log order alone decides. */
import { decodeEvent } from '../../packages/engine/src/protocol/event-codec.ts'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'
import type { ExecutionRecord } from '../../packages/engine/src/protocol/execution-record.ts'
import { activationEnd, eventsBeforeCall } from '../../packages/engine/src/worker/executions/execution-steps.ts'
import { replayReadOnly } from '../../packages/engine/src/worker/executions/read-only-replay.ts'
import { Instance, record, type Drain, type State } from './instance.ts'
import { commandText, startedAt } from './instance-text.ts'
import type { Program } from './program.ts'

/** Whose log is replayed. */
export interface Subject {
  readonly program: Program
  /** Default: that of `runLive`. */
  readonly record?: ExecutionRecord
}

export interface Cold {
  /** Only its end where it is held, for a query. */
  readonly state: Pick<State, 'end'> & Partial<State>
  /** Absent where they are not told. */
  readonly commands?: readonly string[]
}

export interface Faults {
  readonly drain?: Drain
  readonly withoutConditions?: boolean
  readonly spoil?: (live: LiveExecution) => void
  /** What becomes of a log before it is replayed. */
  readonly reorder?: (log: readonly EventRecord[]) => readonly EventRecord[]
  /** Another program replays than the one that was recorded. */
  readonly program?: (program: Program) => Program
}

/** As a worker that loads the execution: one event in each turn. */
export async function replayByWorker(subject: Subject, events: readonly EventRecord[], faults: Faults = {}): Promise<Cold> {
  const { reorder, program = (given) => given, ...spoilt } = faults
  const history = reorder === undefined ? events : reorder(events)
  const instance = new Instance({ ...subject, program: program(subject.program), now: () => startedAt, history, ...spoilt })
  const commands: string[] = []
  do {
    await instance.step()
    commands.push(...instance.takeCommands().map(commandText))
  } while (instance.isReplaying && instance.live.taskFailure === undefined)
  return { state: stateOf(instance), commands }
}

/** As one batch that has just arrived, whose first `replayed` events only are replayed: commands are taken at its end. */
export async function applyAtOnce(subject: Subject, events: readonly EventRecord[], replayed: number): Promise<Cold> {
  const instance = new Instance({ ...subject, now: () => startedAt })
  const { live } = instance
  const apply = ({ type, data, at }: EventRecord): void => {
    try {
      live.apply(decodeEvent(type, data), at, data.length)
    } catch (error) {
      live.fail(error)
    }
  }
  const before = eventsBeforeCall(events)
  live.replaying = replayed > 0
  await instance.apply(() => {
    for (const event of events.slice(0, before)) apply(event)
    if (events[before - 1]?.type !== 'WorkflowTaskStarted') live.begin()
  })
  for (let from = before; from < events.length;) {
    const group = events.slice(from, activationEnd(events, from))
    live.replaying = from < replayed
    if (live.taskFailure === undefined) await instance.apply(() => group.forEach(apply))
    from += group.length
  }
  return { state: stateOf(instance), commands: instance.takeCommands().map(commandText) }
}

/** As for a query. */
export async function replayForQuery(subject: Subject, events: readonly EventRecord[]): Promise<Cold> {
  const instance = new Instance({ ...subject, now: () => startedAt })
  try {
    const live = await replayReadOnly({ record: subject.record ?? record, fn: instance.fn, wallClock: () => startedAt }, events)
    return { state: instance.stateOf(live) }
  } catch (error) {
    return { state: { end: `held: ${error instanceof Error ? error.message : String(error)}` } }
  }
}

function stateOf(instance: Instance): State {
  const state = instance.state()
  return instance.strays.length === 0 ? state : { ...state, end: `strayed: ${instance.strays[0]?.message}` }
}
