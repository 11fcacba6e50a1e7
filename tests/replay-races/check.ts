/** One program of the search: run live, then replayed cold after every event of its history. */
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import { programOf } from './program-choice.ts'
import type { Program } from './program.ts'
import { choicesOf } from './random.ts'
import { applyAtOnce, replayByWorker, replayForQuery, type Cold, type Faults } from './cold-run.ts'
import type { State } from './instance.ts'
import { runLive, type Recording } from './live-run.ts'

export interface Difference {
  readonly way: string
  /** So many events were replayed. */
  readonly events: number
  /** Of which part of the state. */
  readonly what: string
  readonly live: string
  readonly cold: string
}

export interface Checked {
  readonly number: number
  /** Where it ran. */
  readonly home: string
  readonly program: Program
  readonly log: readonly EventRecord[]
  /** Where in the log something came later than what is before it. */
  readonly batches: readonly number[]
  /** What it met. */
  readonly facts: ReadonlySet<string>
  readonly difference: Difference | undefined
}

export async function checkProgram(number: number, faults: Faults = {}): Promise<Checked> {
  const program = programOf(number)
  const random = choicesOf(number ^ 0x5eed)
  const recording = await runLive(program, random)
  const { log, states, batches, facts, disturbed } = recording
  const checked = { number, home: 'in memory', program, log, batches, facts }
  if (disturbed !== undefined) {
    const { events, before, after } = disturbed
    return { ...checked, difference: differenceOf('a query is asked between events', events, { state: before }, { state: after }) }
  }
  for (let length = 0; length <= log.length; length++) {
    const state = states[length]
    if (state === undefined) continue
    const compare = comparison(recording, state, length)
    const events = log.slice(0, length)
    const difference = compare('a worker loads it', await replayByWorker({ program }, events, faults))
    if (difference !== undefined) return { ...checked, difference }
  }
  const last = states[log.length]
  const compare = last === undefined ? undefined : comparison(recording, last, log.length)
  const ways: readonly (readonly [string, () => Promise<Cold>])[] = [
    ['all events come at once, none of them replayed', () => applyAtOnce({ program }, log, 0)],
    ['all events come at once, some of them replayed', () => applyAtOnce({ program }, log, random.integer(log.length + 1))],
    ['a query is asked', () => replayForQuery({ program }, log)],
  ]
  for (const [way, replay] of ways) {
    const difference = compare?.(way, await replay())
    if (difference !== undefined) return { ...checked, difference }
  }
  return { ...checked, difference: undefined }
}

function comparison(recording: Recording, state: State, events: number): (way: string, cold: Cold) => Difference | undefined {
  const commands = recording.commands[events]
  return (way, cold) => differenceOf(way, events, { state, ...(commands === undefined ? {} : { commands }) }, cold)
}

/** Of what both tell. */
export function differenceOf(way: string, events: number, live: Cold, cold: Cold): Difference | undefined {
  const parts: [string, string | undefined, string | undefined][] = [
    ['commands', live.commands?.join('\n'), cold.commands?.join('\n')],
    ['end', live.state.end, cold.state.end],
    ['waiting commands', live.state.waits, cold.state.waits],
    ['memory', live.state.memory, cold.state.memory],
  ]
  const [found] = parts.filter(([, was, now]) => was !== undefined && now !== undefined && was !== now)
  return found === undefined ? undefined : { way, events, what: found[0], live: found[1] ?? '', cold: found[2] ?? '' }
}
