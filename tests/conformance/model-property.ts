import { test } from 'node:test'
import * as fc from 'fast-check'
import { operations } from './model/operation.ts'
import { Twins } from './model/twins.ts'
import type { Harness } from './arena.ts'

/** More for a long search: CONFORMANCE_RUNS=5000. A failure prints its seed; CONFORMANCE_SEED repeats it. */
const numRuns = Number(process.env['CONFORMANCE_RUNS'] ?? 150)
const seed = process.env['CONFORMANCE_SEED']

export function modelProperty(harness: Harness): void {
  test('random operations have the same answers and the same end as in the model', async () => {
    await fc.assert(
      fc.asyncProperty(operations, async steps => {
        const twins = await Twins.make(harness().store)
        await twins.play({ do: 'register', build: 0, queues: [0], types: [0] })
        for (const step of steps) await twins.play(step)
        await twins.compareAll()
      }),
      { numRuns, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    )
  })
}
