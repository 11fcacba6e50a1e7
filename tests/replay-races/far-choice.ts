/** Makes one step of those that concern more than the execution alone. */
import { childTypes, patchIds, updateNames, variableCount, type FarLeaf } from './program.ts'
import type { Random } from './random.ts'

/** @param callable how many functions may be called, from the one numbered `first` on */
export function drawFarLeaf(random: Random, callable: number, first: number): FarLeaf {
  const variable = random.integer(variableCount)
  return random.weighted<() => FarLeaf>([
    [2, () => ({ kind: 'local', into: variable, cancellation: random.pick(['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON']) })],
    [6, () => ({
      kind: 'child', cancellation: random.pick(childTypes), closePolicy: random.pick(['TERMINATE', 'ABANDON', 'REQUEST_CANCEL']),
      awaits: random.chance(0.7) ? 'end' : 'start', notes: random.chance(0.3) ? 1 + random.integer(2) : 0, named: random.chance(0.5),
      how: random.integer(4), into: variable,
    })],
    [2, () => ({ kind: 'external', asks: random.chance(0.75) ? 'signal' : 'cancel', self: random.chance(0.4) })],
    [3, () => ({ kind: 'patch', id: random.pick(patchIds), deprecated: random.chance(0.3), variable })],
    [0.8, () => ({ kind: 'continueAsNew' })],
    [2, () => ({ kind: 'draw', from: random.pick(['stream', 'within', 'platform']) })],
    [2, () => ({ kind: 'info' })],
    [2, () => ({ kind: 'upsert', what: random.pick(['memo', 'attributes', 'details']), key: random.integer(2) })],
    [2, () => ({
      kind: 'answer', update: random.pick(updateNames), validates: random.chance(0.6),
      function: callable > 0 && random.chance(0.8) ? first + random.integer(callable) : undefined,
    })],
    [1, () => ({ kind: 'handlersFinished' })],
  ])()
}
