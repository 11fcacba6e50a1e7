import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delayedStart, type AnyStartOptions, type ScheduledStartOptions } from './start-options.ts'

const now = Date.UTC(2026, 0, 1)

test('a delayed start begins after its delay or at its time, at once when that is past', () => {
  const at = (ms: number) => delayedStart({ at: new Date(now + ms) }, now).startDelay
  assert.deepEqual([at(5_000), at(0), at(-5_000), delayedStart({ delay: '2 seconds' }, now).startDelay], [5_000, 0, 0, 2_000])
  assert.deepEqual(delayedStart({ delay: 1, workflowId: 'w' }, now), { workflowId: 'w', startDelay: 1 })
})

const wrong: readonly (readonly [given: object, code: string, message: RegExp])[] = [
  [{}, 'OPTIONS_INVALID', /neither a delay nor a time/],
  [{ delay: 1, at: new Date(now) }, 'OPTIONS_INVALID', /a delay and a time/],
  [{ startDelay: 1 }, 'OPTIONS_INVALID', /no option 'startDelay'/],
  [{ delay: 1, workflowID: 'w' }, 'OPTIONS_INVALID', /schedule\(\).*'workflowID'.*workflowId/],
  [{ at: new Date(Number.NaN) }, 'OPTIONS_INVALID', /The at of schedule\(\)/],
  [{ at: new Date(8.64e15) }, 'OPTIONS_INVALID', /The at of schedule\(\) is \+275760-09-13T.*, more than 100,000 years from now/],
  [{ delay: -1 }, 'DURATION_INVALID', /delay of schedule\(\): -1 is negative/],
  [{ delay: 'soon' }, 'DURATION_INVALID', /delay of schedule\(\): 'soon'/],
]

for (const [given, code, message] of wrong) {
  test(`a delayed start is refused by the name that its caller used: ${message.source}`, () => {
    assert.throws(() => delayedStart(given as ScheduledStartOptions<AnyStartOptions>, now), { code, message })
  })
}
