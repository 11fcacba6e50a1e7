import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import * as fc from 'fast-check'
import { heartbeat } from '@perdure/workflow/activity'
import { proxyActivities } from '@perdure/workflow'
import { ManualClock, settled } from '../../../test/manual-clock.ts'
import { openStage } from '../../../test/worker-stage.ts'
import { heartbeatRetryMsMax, heartbeatRetryMsMin, heartbeatShare, heartbeatStoreMs } from '../../limits.ts'
import type { BeatOutcome, TaskBeat } from '../../ports/store.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import { asRunId } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { HeartbeatKeeper } from './heartbeat-keeper.ts'

interface Sent {
  readonly beat: TaskBeat
  readonly answer: PromiseWithResolvers<readonly BeatOutcome[]>
  settledAs: 'ok' | 'failed' | undefined
}

/** One attempt, and stores that wait until the test answers them. */
class Bench {
  readonly clock = new ManualClock()
  readonly sent: Sent[] = []
  readonly cancels: string[] = []
  readonly failures: string[] = []
  /** How often the keeper came to look whether it can store. */
  looks = 0
  current: ActivityRun | undefined
  readonly run: ActivityRun
  readonly keeper: HeartbeatKeeper
  readonly #onceEnded: (() => void)[] = []
  #ended = false

  constructor(options: object = { heartbeatMs: 10_000 }) {
    const isEnded = () => this.#ended
    this.run = {
      task: { runId: 'r', command: 7, attempt: 2, options: JSON.stringify(options), closeBy: null } as unknown as ActivityTask,
      startedAt: this.clock.now(), heardAt: this.clock.now(), row: 'written',
      cancelRequested: false, isLost: false, details: null, storedAt: 0,
      get ended() { return isEnded() },
      cancel: (reason) => void this.cancels.push(reason),
      onceEnded: (call) => void this.#onceEnded.push(call),
      abandon: () => this.end(),
    }
    this.current = this.run
    const heartbeatTasks = ([beat]: readonly TaskBeat[]): Promise<readonly BeatOutcome[]> => {
      assert.ok(beat !== undefined)
      const answer = Promise.withResolvers<readonly BeatOutcome[]>()
      this.sent.push({ beat, answer, settledAs: undefined })
      return answer.promise
    }
    const context = {
      clock: this.clock, store: { heartbeatTasks },
      background: (_what: string, work: () => Promise<void>) => {
        this.looks++
        work().catch((error: Error) => void this.failures.push(error.message))
      },
    } as unknown as WorkerContext
    this.keeper = new HeartbeatKeeper(context, () => this.current)
  }

  beat(details: string): void {
    this.run.details = details as Payload
    this.keeper.beat(this.run)
  }

  end(): void {
    this.#ended = true
    for (const call of this.#onceEnded) call()
  }

  get underWay(): readonly Sent[] {
    return this.sent.filter((sent) => sent.settledAs === undefined)
  }

  async answer(outcome: BeatOutcome | Error): Promise<void> {
    const [sent] = this.underWay
    if (sent === undefined) return
    sent.settledAs = outcome instanceof Error ? 'failed' : 'ok'
    if (outcome instanceof Error) sent.answer.reject(outcome)
    else sent.answer.resolve([outcome])
    await settled()
  }

  /** Details of the stores, in their order. */
  get details(): (string | null)[] {
    return this.sent.map((sent) => sent.beat.details)
  }
}

const away = new Error('the database is away')

test('the first heartbeat is stored at once, those that follow within the throttle as one, with the last details', async () => {
  const bench = new Bench()
  bench.beat('1')
  await bench.clock.advance(0)
  await bench.answer('ok')
  for (const details of ['2', '3', '4']) bench.beat(details)
  await bench.clock.advance(10_000 * heartbeatShare - 1)
  assert.deepEqual(bench.details, ['1'])
  await bench.clock.advance(1)
  assert.deepEqual(bench.details, ['1', '4'])
})

test('what came while its row was being written is stored as soon as it is there', async () => {
  const bench = new Bench()
  bench.run.row = 'writing'
  bench.beat('1')
  await bench.clock.advance(heartbeatRetryMsMin * 3 - 1)
  bench.beat('2')
  bench.run.row = 'written'
  bench.keeper.written(bench.run)
  await bench.clock.advance(0)
  assert.deepEqual(bench.details, ['2'])
  await bench.answer('ok')
  bench.keeper.written(bench.run)
  await bench.clock.advance(heartbeatRetryMsMax)
  assert.deepEqual(bench.details, ['2'], 'nothing came since')
})

test('the row of an attempt has its deadline from its last heartbeat', async (t) => {
  const { beating } = proxyActivities<{ beating(): Promise<void> }>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '20 seconds' })
  const stage = openStage(t, {
    workflows: { w: () => beating() },
    activities: {
      beating: async () => {
        await pause(100)
        heartbeat()
      },
    },
  })
  const { client } = await stage.addWorker()
  const handle = await client.start('w', { workflowId: 'w' })
  await handle.result()
  const [row] = stage.commits.flatMap(({ batch }) => batch.transitions).flatMap(({ tasks }) => tasks)
  assert.ok(row !== undefined && row.startedAt !== null && row.deadlineAt !== null)
  assert.ok(row.deadlineAt - row.startedAt >= 20_050, `${row.deadlineAt - row.startedAt} ms`)
})

test('a heartbeat extends the deadline, never beyond start-to-close and schedule-to-close', async () => {
  for (const [options, deadline] of [
    [{ heartbeatMs: 10_000 }, 10_000], [{ heartbeatMs: 10_000, startToCloseMs: 9_000 }, 9_000], [{ startToCloseMs: 9_000 }, 9_000],
    [{}, null],
  ] as const) {
    const bench = new Bench(options)
    bench.beat('1')
    await bench.clock.advance(0)
    const [sent] = bench.sent
    assert.equal(sent?.beat.deadlineAt, deadline === null ? null : bench.run.startedAt + deadline)
    assert.deepEqual([sent?.beat.command, sent?.beat.attempt], [7, 2])
  }
})

test('while its row is being written the keeper looks in growing pauses, and the heartbeat is stored soon after', async () => {
  for (const row of ['none', 'writing'] as const) {
    const bench = new Bench({ heartbeatMs: 100_000 })
    bench.run.row = row
    bench.beat('1')
    await bench.clock.advance(heartbeatRetryMsMin - 1)
    assert.deepEqual([bench.looks, bench.clock.pending], [0, [1]])
    await bench.clock.advance(60_000)
    assert.ok(bench.looks < 70, `${bench.looks} looks`)
    assert.deepEqual([bench.sent.length, bench.clock.pending.length], [0, 1])
    bench.run.row = 'written'
    await bench.clock.advance(heartbeatRetryMsMax)
    assert.deepEqual(bench.details, ['1'])
  }
  const prompt = new Bench()
  prompt.run.row = 'writing'
  prompt.beat('1')
  prompt.run.row = 'written'
  await prompt.clock.advance(heartbeatRetryMsMin)
  assert.deepEqual(prompt.details, ['1'])
})

test('a store that fails is tried again in growing pauses, without another heartbeat, with the details of then', async () => {
  const bench = new Bench({})
  bench.beat('1')
  await bench.clock.advance(0)
  const waits: number[] = []
  for (let tries = 0; tries < 8; tries++) {
    await bench.answer(away)
    const [waitMs] = bench.clock.pending
    assert.ok(waitMs !== undefined && bench.clock.pending.length === 1)
    waits.push(waitMs)
    await bench.clock.advance(waitMs)
  }
  assert.deepEqual(waits, [50, 100, 200, 400, 800, 1_000, 1_000, 1_000])
  assert.deepEqual(bench.failures, waits.map(() => away.message))
  bench.beat('2')
  await bench.answer(away)
  await bench.clock.advance(heartbeatRetryMsMax)
  await bench.answer('ok')
  assert.equal(bench.details.at(-1), '2')
  assert.deepEqual(bench.clock.pending, [])
})

test('a retry comes before the heartbeat timeout, however short it is', async () => {
  for (const heartbeatMs of [1, 20, 100, 1_000, 60_000]) {
    const bench = new Bench({ heartbeatMs })
    bench.beat('1')
    await bench.clock.advance(0)
    await bench.answer(away)
    const [waitMs = 0] = bench.clock.pending
    assert.ok(waitMs >= 1 && waitMs <= Math.max(1, heartbeatMs * heartbeatShare), `${waitMs} of ${heartbeatMs}`)
  }
})

test('a heartbeat that comes while a store is under way is stored after it', async () => {
  const bench = new Bench()
  bench.beat('1')
  await bench.clock.advance(0)
  bench.beat('2')
  await bench.clock.advance(30_000)
  assert.deepEqual(bench.details, ['1'])
  await bench.answer('ok')
  await bench.clock.advance(0)
  assert.deepEqual(bench.details, ['1', '2'])
})

test('whoever is to stop is told once, and goes on heartbeating while it cleans up', async () => {
  const bench = new Bench({})
  for (const details of ['1', '2', '3']) {
    bench.beat(details)
    await bench.clock.advance(heartbeatStoreMs)
    await bench.answer('cancel_requested')
  }
  assert.deepEqual(bench.details, ['1', '2', '3'])
  assert.deepEqual([bench.cancels, bench.run.cancelRequested], [['CANCELLED'], true])
})

test('one that was asked to stop before is not asked again', async () => {
  const bench = new Bench()
  bench.run.cancelRequested = true
  bench.beat('1')
  await bench.clock.advance(0)
  await bench.answer('cancel_requested')
  assert.deepEqual(bench.cancels, [])
})

test('an attempt whose row is gone is told once, and stores nothing any more', async () => {
  const bench = new Bench({})
  bench.beat('1')
  await bench.clock.advance(0)
  bench.beat('2')
  await bench.answer('gone')
  bench.beat('3')
  await bench.clock.advance(10 * heartbeatStoreMs)
  assert.deepEqual([bench.details, bench.cancels, bench.clock.pending], [['1'], ['NOT_FOUND'], []])
})

test('an attempt that is told that its row is gone was not cancelled: failing then, it is tried again', async () => {
  for (const [outcome, cancelRequested] of [['gone', false], ['cancel_requested', true]] as const) {
    const bench = new Bench()
    bench.beat('1')
    await bench.clock.advance(0)
    await bench.answer(outcome)
    assert.deepEqual([bench.run.cancelRequested, bench.run.isLost, bench.cancels.length], [cancelRequested, !cancelRequested, 1])
  }
})

test('an answer about an attempt that is not the current one any more is not told to it', async () => {
  for (const outcome of ['gone', 'cancel_requested'] as const) {
    const bench = new Bench()
    bench.beat('1')
    await bench.clock.advance(0)
    bench.current = undefined
    await bench.answer(outcome)
    assert.deepEqual([bench.cancels, bench.run.cancelRequested], [[], false])
  }
})

test('an attempt that ended leaves no timer, and nothing of it is stored', async () => {
  for (const forgotten of [true, false]) {
    const waiting = new Bench()
    waiting.beat('1')
    await waiting.clock.advance(0)
    await waiting.answer('ok')
    waiting.beat('2')
    waiting.end()
    if (forgotten) waiting.keeper.forget(waiting.run)
    waiting.beat('3')
    assert.deepEqual(waiting.clock.pending, [])
    const storing = new Bench()
    storing.beat('1')
    await storing.clock.advance(0)
    storing.beat('2')
    storing.end()
    await storing.answer(away)
    assert.deepEqual([storing.clock.pending, storing.details], [[], ['1']])
  }
})

test('a clock that is set back does not silence heartbeats for longer than the throttle', async () => {
  const bench = new Bench({})
  bench.beat('1')
  await bench.clock.advance(0)
  await bench.answer('ok')
  bench.run.storedAt += 3_600_000
  bench.beat('2')
  assert.deepEqual(bench.clock.pending, [heartbeatStoreMs])
})

type Step =
  | { readonly type: 'beat' | 'row' | 'ok' | 'cancel' | 'fail' }
  | { readonly type: 'time'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>({ type: 'beat' }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3_000 }).map((ms): Step => ({ type: 'time', ms })) },
  { weight: 4, arbitrary: fc.constantFrom<Step>({ type: 'row' }, { type: 'ok' }, { type: 'ok' }, { type: 'cancel' }, { type: 'fail' }) },
)

describe('whatever happens to an attempt that runs', () => {
  test('one thing is under way at a time, stores keep their distance, the last details are stored, and nothing spins', async () => {
    const timeouts = fc.constantFrom(100, 1_000, 4_000, undefined)
    await fc.assert(fc.asyncProperty(timeouts, fc.array(step, { maxLength: 60, size: 'max' }), async (heartbeatMs, steps) => {
      const bench = new Bench(heartbeatMs === undefined ? {} : { heartbeatMs })
      bench.run.row = 'none'
      const startedAt = bench.clock.now()
      let beats = 0
      const check = () => {
        assert.ok(bench.underWay.length + bench.clock.pending.length <= 1)
      }
      for (const [index, one] of steps.entries()) {
        if (one.type === 'beat') bench.beat(`${index}`)
        if (one.type === 'beat') beats++
        if (one.type === 'row') bench.run.row = bench.run.row === 'none' ? 'writing' : 'written'
        if (one.type === 'time') await bench.clock.advance(one.ms)
        if (one.type === 'ok') await bench.answer('ok')
        if (one.type === 'cancel') await bench.answer('cancel_requested')
        if (one.type === 'fail') await bench.answer(away)
        check()
      }
      bench.run.row = 'written'
      for (let rounds = 0; rounds < 3; rounds++) {
        await bench.answer('ok')
        await bench.clock.advance(heartbeatStoreMs)
        check()
      }
      await bench.answer('ok')
      const pauseMs = heartbeatMs === undefined ? heartbeatStoreMs : heartbeatMs * heartbeatShare
      const stored = bench.sent.filter((sent) => sent.settledAs === 'ok')
      assert.equal(stored.at(-1)?.beat.details ?? null, bench.run.details)
      assert.ok(stored.every(({ beat }, index) => beat.now - (stored[index - 1]?.beat.now ?? -Infinity) >= pauseMs))
      assert.ok(stored.length <= beats)
      const lookMs = Math.min(heartbeatRetryMsMin, pauseMs)
      assert.ok(bench.looks <= 1 + (bench.clock.now() - startedAt) / lookMs, `${bench.looks} looks`)
      assert.ok(bench.cancels.length <= 1)
    }), { numRuns: 300 })
  })
})

test('a worker whose store fails stores the heartbeat later, with its last details', async (t) => {
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const { beating } = proxyActivities<{ beating(): Promise<string> }>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '30 seconds' })
  const stage = openStage(t, {
    workflows: { beats: async () => beating() },
    activities: {
      beating: async () => {
        heartbeat('first')
        heartbeat('last')
        begun.resolve()
        await gate.promise
        return 'done'
      },
    },
  })
  t.after(() => gate.resolve())
  const store = stage.store.heartbeatTasks
  const stored = Promise.withResolvers<readonly TaskBeat[]>()
  let tries = 0
  stage.store.heartbeatTasks = async (beats) => {
    if (++tries < 3) throw away
    const outcomes = await store(beats)
    stored.resolve(beats)
    return outcomes
  }
  const { client } = await stage.addWorker()
  const handle = await client.start('beats', { workflowId: 'w', taskQueue: 'queue' })
  await begun.promise
  assert.deepEqual((await stored.promise).map(({ details }) => details), ['"last"'])
  const tasks = await stage.store.readTasks(asRunId(handle.runId ?? ''))
  assert.deepEqual(tasks.map(({ heartbeatDetails }) => heartbeatDetails), ['"last"'])
  gate.resolve()
  assert.equal(await handle.result(), 'done')
})
