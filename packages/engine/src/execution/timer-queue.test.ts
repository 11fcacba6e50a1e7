import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { PendingTimer } from './pending-commands.ts'
import { TimerQueue } from './timer-queue.ts'

const nothing = (): void => undefined

function timerOf(command: number, fireAt: number): PendingTimer {
  return { type: 'timer', command, durationMs: fireAt, startedAt: 0, fireAt, resolve: nothing, reject: nothing }
}

test('timers are taken once each, in the order of their times and then of their starts, without those that are over', () => {
  const steps = fc.array(fc.oneof(
    fc.record({ start: fc.nat(20) }), fc.record({ cancel: fc.nat(30) }), fc.record({ take: fc.nat(25) }),
  ), { maxLength: 60 })
  fc.assert(fc.property(steps, (given) => {
    const pending = new Map<number, PendingTimer>()
    const taken = new Set<number>()
    const queue = new TimerQueue(({ command }) => pending.has(command))
    let commands = 0
    for (const step of given) {
      if ('start' in step) {
        const timer = timerOf(++commands, step.start)
        pending.set(timer.command, timer)
        queue.add(timer)
      } else if ('cancel' in step) pending.delete(step.cancel)
      else {
        const due = [...pending.values()].filter(({ command, fireAt }) => fireAt <= step.take && !taken.has(command))
        due.sort((one, other) => one.fireAt - other.fireAt || one.command - other.command)
        const commandsTaken = queue.takeDue(step.take).map(({ command }) => command)
        assert.deepEqual(commandsTaken, due.map(({ command }) => command))
        for (const command of commandsTaken) taken.add(command)
      }
      const left = [...pending.values()].filter(({ command }) => !taken.has(command)).map(({ fireAt }) => fireAt)
      assert.equal(queue.earliest, left.length === 0 ? null : Math.min(...left))
    }
  }), { numRuns: 200 })
})
