/** Clocks are set, also by hours: that of a system, and that of a store. What a worker does in turns goes on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../test/manual-clock.ts'
import { openStage } from '../../test/worker-stage.ts'
import type { OwnedExecution } from './commits/owned-execution.ts'
import type { WorkerContext } from './context/worker-context.ts'
import { armTimer } from './executions/execution-collector.ts'

test('a worker goes on ticking when the clock of its store is set back', async (t) => {
  const stage = openStage(t, { workflows: {} })
  let ticked = Promise.withResolvers<void>()
  stage.onTick = async (forward) => {
    const look = await forward()
    ticked.resolve()
    ticked = Promise.withResolvers()
    return look
  }
  await stage.addWorker()
  for (const aheadMs of [0, -3_600_000, 3_600_000, 0]) {
    stage.aheadMs = aheadMs
    for (let ticks = 0; ticks < 3; ticks++) await ticked.promise
  }
})

/** An execution with a timer that is due in a second, and what arms it. */
function armed() {
  const clock = new ManualClock()
  const woken: number[] = []
  const context = {
    clock, settings: { tickMs: 1_000 }, loop: { wake: () => void woken.push(clock.now()) },
  } as unknown as WorkerContext
  const fireAt = clock.now() + 1_000
  const owned = { live: { pending: { earliestTimer: () => fireAt } }, timerAt: null } as unknown as OwnedExecution
  const arm = (): void => armTimer(context, owned)
  arm()
  return { clock, woken, fireAt, arm }
}

test('a timer of a workflow that a clock made seem early fires within a tick once the clock is right again', async () => {
  const { clock, woken, fireAt } = armed()
  clock.jump(-3_600_000)
  await clock.advance(1_500)
  assert.deepEqual(woken, [])
  clock.jump(3_600_000)
  await clock.advance(500)
  assert.deepEqual(woken, [fireAt + 1_000])
})

test('a timer that has rung rings again where the clock is set back before the code goes on', async () => {
  const { clock, woken, fireAt, arm } = armed()
  await clock.advance(1_000)
  assert.deepEqual(woken, [fireAt])
  clock.jump(-500)
  arm()
  await clock.advance(500)
  assert.deepEqual(woken, [fireAt, fireAt])
})

test('a timer that has rung and is not taken, as that of code that has ended, does not ring for ever', async () => {
  const { clock, woken, fireAt, arm } = armed()
  await clock.advance(1_000)
  for (let turn = 0; turn < 3; turn++) {
    arm()
    await clock.advance(1)
  }
  assert.deepEqual(woken, [fireAt])
})
