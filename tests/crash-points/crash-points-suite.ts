/** The crash points as tests: every statement is issued, a share of the points is tried, and the checks see what is wrong. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { uncovered } from './coverage.ts'
import { type AnyPoint, makeDeadWorker, missedMax, record, tryPoint, tryPoints } from './crash-run.ts'
import { type Home, openHome } from './home.ts'
import { nameOf, pointsOf, type Recording, shareOf } from './points.ts'
import type { StoreKind } from './statement-registry.ts'
import type { Sabotage } from './tap-order.ts'

interface Seen {
  readonly scenario: string
  readonly statement: string
  readonly fault: Sabotage
  /** Which one of the statement; default the first. */
  readonly occurrence?: number
  readonly says: RegExp
}

export interface SuiteOptions {
  /** Of all points a share of 1/n is tried. */
  readonly n: number
  readonly atOnce: number
  /** Faults of a database, and what the checks say of each. */
  readonly seen: readonly Seen[]
}

export function crashPointsSuite(store: StoreKind, { n, atOnce, seen }: SuiteOptions): void {
  describe(`crash points on ${store}`, { concurrency: 2 }, () => {
    let home: Home
    let recording: Recording
    before(async () => {
      home = await openHome(store)
      await makeDeadWorker(home)
      recording = await record(home)
    })
    after(() => home.close())

    test('every statement of the package that the engine issues is issued by some scenario', async () => {
      assert.deepEqual(await uncovered(store, recording), [])
    })

    test('a process that dies at a statement, or never hears of its outcome, loses and doubles nothing', async t => {
      const points = shareOf(pointsOf(store, recording), n)
      t.diagnostic(`${points.length} of ${pointsOf(store, recording).length} points`)
      const { failures, missed } = await tryPoints(home, points, atOnce)
      assert.deepEqual(failures, [])
      assert.ok(missed.length <= missedMax(points), `not reached: ${missed.map(nameOf).join(', ')}`)
    })

    for (const { scenario, statement, fault, occurrence = 1, says } of seen) {
      test(`the checks see that ${statement} was ${fault}`, async () => {
        const point: AnyPoint = { store, scenario, statement, place: 'first', occurrence, moment: fault }
        await assert.rejects(tryPoint(home, point), says)
      })
    }
  })
}
