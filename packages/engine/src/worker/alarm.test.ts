import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ManualClock, settled } from '../../test/manual-clock.ts'
import { Alarm } from './alarm.ts'

function alarm(): { alarm: Alarm; clock: ManualClock; calls: PromiseWithResolvers<void>[] } {
  const clock = new ManualClock(1_000)
  const calls: PromiseWithResolvers<void>[] = []
  const made = new Alarm(clock, () => {
    const call = Promise.withResolvers<void>()
    calls.push(call)
    return call.promise
  })
  return { alarm: made, clock, calls }
}

describe('an alarm', () => {
  test('calls at the earliest of its times, once', async () => {
    const { alarm: tested, clock, calls } = alarm()
    for (const time of [1_300, 1_100, 1_200]) tested.at(time)
    await clock.advance(99)
    assert.equal(calls.length, 0)
    await clock.advance(1)
    assert.equal(calls.length, 1)
    calls[0]?.resolve()
    await clock.advance(1_000)
    assert.equal(calls.length, 1)
  })

  test('calls at once for a time that is past', () => {
    const { alarm: tested, calls } = alarm()
    tested.at(0)
    assert.equal(calls.length, 1)
  })

  test('a call under way is followed by one more, however often it was asked meanwhile', async () => {
    const { alarm: tested, calls } = alarm()
    for (let asked = 0; asked < 4; asked++) tested.at(0)
    assert.equal(calls.length, 1)
    calls[0]?.resolve()
    await settled()
    assert.equal(calls.length, 2)
    calls[1]?.resolve()
    await settled()
    assert.equal(calls.length, 2)
  })

  test('a time given while a call is under way is kept', async () => {
    const { alarm: tested, clock, calls } = alarm()
    tested.at(0)
    tested.at(1_050)
    calls[0]?.resolve()
    await clock.advance(50)
    assert.equal(calls.length, 2)
  })

  test('calls after so long, whatever the clock is set to meanwhile', async () => {
    for (const byMs of [-3_600_000, 3_600_000]) {
      const { alarm: tested, clock, calls } = alarm()
      tested.after(100)
      clock.jump(byMs)
      await clock.advance(99)
      assert.equal(calls.length, 0)
      await clock.advance(1)
      assert.equal(calls.length, 1)
    }
  })

  test('nothing is called after it was stopped', async () => {
    const { alarm: tested, clock, calls } = alarm()
    tested.at(1_050)
    tested.stop()
    tested.at(0)
    tested.after(10)
    await clock.advance(100)
    assert.equal(calls.length, 0)
  })
})
