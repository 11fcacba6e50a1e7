import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { settled } from '../../test/manual-clock.ts'
import type { Store, Suspect } from '../ports/store.ts'
import { asIncarnation } from '../protocol/ids.ts'
import type { WorkerContext } from './context/worker-context.ts'
import { Liveness } from './liveness.ts'

describe('liveness', () => {
  const looks: readonly [what: string, renewals: readonly (readonly (number | undefined)[])[], takenOver: readonly number[]][] = [
    ['one look is not enough', [[5]], []],
    ['a lease that did not move for two looks', [[5], [5]], [1]],
    ['a lease that moved begins anew', [[5], [6], [7]], []],
    ['a lease that moved once and then stood', [[5], [6], [6]], [1]],
    ['a worker that was no suspect in between begins anew', [[5], [undefined], [5]], []],
    ['each worker counts for itself', [[5, 8], [6, 8]], [2]],
  ]
  for (const [what, renewals, expected] of looks) {
    test(what, async () => {
      const taken: number[] = []
      const kicked: string[] = []
      const store: Partial<Store> = { takeOver: async (suspect: Suspect) => { taken.push(suspect.incarnation); return true } }
      const liveness = new Liveness({
        store, settings: { leaseMs: 5_000 }, logger: { info: () => undefined },
          background: (_what: string, work: () => Promise<void>) => void work(),
        kickClaim: () => kicked.push('claim'), kickDeadline: () => kicked.push('deadline'),
      } as unknown as WorkerContext)
      for (const seen of renewals) {
        liveness.observe(seen.flatMap((renewedAt, index) => (
          renewedAt === undefined ? [] : [{ incarnation: asIncarnation(index + 1), renewedAt }])))
      }
      await settled()
      assert.deepEqual(taken, expected)
      assert.equal(kicked.length, expected.length * 2)
    })
  }
})
