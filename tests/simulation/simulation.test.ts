import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { brokenStores } from './broken-stores.ts'
import { simulate } from './simulation.ts'
import { happenings } from './tally.ts'

const seeds = 48
/** The rarest fault is met in one of thirty or so. */
const seedsToMeet = 1_000
/** A store that is broken is found by one of so many. */
const seedsToFind = 40

describe('simulations', () => {
  test(`${seeds} seeds hold, and some more until every fault was met`, async () => {
    const missing = new Set<string>(happenings)
    for (let seed = 1; seed <= seeds || (missing.size > 0 && seed <= seedsToMeet); seed++) {
      const { problem, met } = await simulate(seed)
      for (const what of met.keys()) missing.delete(what)
      assert.equal(problem, undefined, `Seed ${seed}; see it again with: npm run simulate -- --seed ${seed}`)
    }
    assert.deepEqual([...missing], [], `what ${seedsToMeet} seeds did not meet`)
  })

  test('the same seed takes the same steps, whatever ran before it', async () => {
    for (const seed of [3, 11]) {
      const first: string[] = []
      const again: string[] = []
      const one = await simulate(seed, { trace: (line) => first.push(line) })
      await simulate(seed + 1)
      const other = await simulate(seed, { trace: (line) => again.push(line) })
      const { fingerprint } = await simulate(seed)
      assert.ok(first.length > 100, 'nothing was traced')
      assert.deepEqual(again, first)
      assert.equal(other.fingerprint, one.fingerprint)
      assert.equal(fingerprint, one.fingerprint, 'tracing changes what happens')
    }
  })

  for (const { name, found, break: broken } of brokenStores) {
    test(`a store that ${name} is found`, async () => {
      for (let seed = 1; seed <= seedsToFind; seed++) {
        const { problem } = await simulate(seed, { broken })
        if (problem === undefined) continue
        assert.match(problem, found)
        return
      }
      assert.fail(`no violation within ${seedsToFind} seeds`)
    })
  }
})
