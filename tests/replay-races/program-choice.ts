/** Makes a program from a seed. */
import { drawFarLeaf } from './far-choice.ts'
import {
  gateCount, patchIds, signalNames, slotCount, updateNames, variableCount, type Combinator, type Leaf, type Program, type Step,
} from './program.ts'
import { choicesOf, type Random } from './random.ts'

interface Place {
  readonly random: Random
  /** Steps that may still be made. */
  readonly budget: { left: number }
  readonly depth: number
  /** Functions from this number on may be called. */
  readonly callable: number
  readonly functions: number
  readonly inLoop: boolean
  readonly extent: Extent
}

/** `alone`: what concerns no other execution, nor updates, patches and the like; `all`: that too. */
export type Extent = 'all' | 'alone'

const durations = [1, 1, 2, 5, 5, 10, 10, 25, 100] as const

export function programOf(seed: number, extent: Extent = 'all'): Program {
  const random = choicesOf(seed)
  const functions = 2 + random.integer(3)
  const place = (callable: number, steps: number, depth = 0): Place => (
    { random, budget: { left: steps }, depth, callable, functions, inLoop: false, extent })
  const bodies = Array.from({ length: functions }, (_, index) => block(place(index + 1, 2 + random.integer(6), 2)))
  const handlers = signalNames.filter(() => random.chance(0.7)).map((signal) => ({ signal, function: random.integer(functions) }))
  const program = { msScale: 1, main: mainBlock(place(0, 8 + random.integer(40))), functions: bodies, handlers }
  if (extent === 'alone') return program
  const updates = updateNames.filter(() => random.chance(0.6))
    .map((update) => ({ update, function: random.integer(functions), validates: random.chance(0.6) }))
  return { ...program, updates }
}

/** Most of its steps are guarded, so that a program does not end by the first thing that fails. */
function mainBlock(place: Place): Step {
  const steps: Step[] = []
  const most = 2 + place.random.integer(6)
  while (place.budget.left > 0 && steps.length < most) {
    const body = step({ ...place, budget: { left: Math.min(place.budget.left, 3 + place.random.integer(10)) } })
    place.budget.left -= 4
    steps.push(place.random.chance(0.7) ? { kind: 'try', body, caught: { kind: 'block', steps: [] }, finally: undefined } : body)
  }
  return { kind: 'block', steps }
}

function block(place: Place): Step {
  const steps: Step[] = []
  const most = 1 + place.random.integer(3)
  do steps.push(step(place)); while (place.budget.left > 0 && steps.length < most)
  return steps.length === 1 && steps[0] !== undefined ? steps[0] : { kind: 'block', steps }
}

function inside(place: Place, change: Partial<Place> = {}): Step {
  return block({ ...place, depth: place.depth + 1, ...change })
}

function step(place: Place): Step {
  place.budget.left--
  return place.depth < 5 && place.budget.left > 0 && place.random.chance(place.depth === 0 ? 0.8 : 0.5) ? compound(place) : leaf(place)
}

function compound(place: Place): Step {
  const { random } = place
  const variable = random.integer(variableCount)
  const part = (): Step => inside(place, { inLoop: false })
  return random.weighted<() => Step>([
    [9, () => ({ kind: random.pick<Combinator>(['race', 'race', 'any', 'all', 'allSettled']), parts: parts(place) })],
    [3, () => {
      const catches = random.chance(0.75)
      const ends = !catches || random.chance(0.4)
      return { kind: 'try', body: inside(place), caught: catches ? inside(place) : undefined, finally: ends ? inside(place) : undefined }
    }],
    [4, () => ({
      kind: 'scope', scope: random.pick(['cancellable', 'cancellable', 'nonCancellable', random.pick(durations)]),
      slot: random.integer(slotCount), body: inside(place),
    })],
    [3, () => ({ kind: 'spawn', slot: random.integer(slotCount), handled: random.chance(0.93), body: part() })],
    [1, () => ({ kind: 'then', first: part(), next: part(), last: random.chance(0.5) ? part() : undefined })],
    [1, () => ({ kind: 'if', variable, atLeast: 1 + random.integer(3), holding: inside(place), otherwise: inside(place) })],
    [place.extent === 'all' ? 1 : 0, () => (
      { kind: 'patched', id: random.pick(patchIds), holding: inside(place), otherwise: inside(place) })],
    [1, () => ({ kind: 'loop', times: 2 + random.integer(2), body: inside(place, { inLoop: true }) })],
    [1, () => ({ kind: 'while', variable, below: 1 + random.integer(4), body: inside(place, { inLoop: true }) })],
  ])()
}

function parts(place: Place): Step[] {
  const count = 2 + place.random.integer(3)
  const made: Step[] = []
  while (made.length < count && (made.length < 2 || place.budget.left > 0)) made.push(inside(place, { inLoop: false }))
  return made
}

function leaf(place: Place): Step {
  const { random } = place
  const variable = random.integer(variableCount)
  const gate = random.integer(gateCount)
  if (place.extent === 'all' && random.chance(0.3)) return drawFarLeaf(random, place.functions - place.callable, place.callable)
  return random.weighted<() => Leaf>([
    [9, () => ({
      kind: 'activity', into: variable,
      cancellation: random.pick(['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON']),
    })],
    [6, () => ({ kind: 'sleep', ms: random.pick(durations) })],
    [1, () => ({ kind: 'timeout', ms: random.pick(durations), variable, add: 1 })],
    [4, () => ({ kind: 'set', variable, add: random.pick([1, 1, 2, -1]) })],
    [4, () => ({
      kind: 'condition', variable, atLeast: 1 + random.integer(3), ms: random.chance(0.5) ? random.pick(durations) : undefined,
    })],
    [1, () => ({ kind: 'hops', count: random.integer(4) })],
    [0.5, () => ({ kind: 'random' })],
    [0.6, () => ({ kind: 'throw', what: random.pick(['application', 'plain']) })],
    [place.depth > 0 ? 0.5 : 0, () => ({ kind: 'return' })],
    [place.inLoop ? 2 : 0, () => ({ kind: 'break' })],
    [place.callable < place.functions ? 2 : 0, () => (
      { kind: 'call', function: place.callable + random.integer(place.functions - place.callable) })],
    [2, () => ({ kind: 'cancel', slot: random.chance(0.15) ? 'current' : random.integer(slotCount) })],
    [0.5, () => ({ kind: 'cancelRequested' })],
    [1.5, () => ({ kind: 'join', slot: random.integer(slotCount) })],
    [1, () => ({ kind: 'gate', gate })],
    [1.5, () => ({ kind: 'settle', gate, how: random.chance(0.8) ? 'resolve' : 'reject' })],
    [0.7, () => ({
      kind: 'handle', signal: random.pick(signalNames), function: random.chance(0.85) ? random.integer(place.functions) : undefined,
    })],
  ])()
}
