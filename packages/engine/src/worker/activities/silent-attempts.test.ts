import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock, settled } from '../../../test/manual-clock.ts'
import { silentAskMs } from '../../limits.ts'
import type { BeatOutcome, TaskBeat } from '../../ports/store.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { SilentAttempts } from './silent-attempts.ts'

function open(answers: Readonly<Record<number, BeatOutcome | Error>> = {}) {
  const clock = new ManualClock()
  const asked: TaskBeat[][] = []
  const cancels: string[] = []
  const store = {
    heartbeatTasks: async (beats: readonly TaskBeat[]) => {
      asked.push([...beats])
      return beats.map(({ command }) => {
        const answer = answers[command] ?? 'ok'
        if (answer instanceof Error) throw answer
        return answer
      })
    },
  }
  const background = (_what: string, work: () => Promise<void>): void => void work().catch(() => undefined)
  const silent = new SilentAttempts({ clock, store, background } as unknown as WorkerContext)
  const run = (command: number, given: Partial<ActivityRun> = {}, options: object = {}): ActivityRun => ({
    task: {
      runId: 'r', command, attempt: 2, options: JSON.stringify(options), closeBy: null, startedAt: clock.now() - 3,
    } as unknown as ActivityTask,
    startedAt: clock.now(), heardAt: clock.now(), row: 'written', cancelRequested: false, isLost: false, details: null, storedAt: 0,
    ended: false, cancel: (reason) => void cancels.push(`${command} ${reason}`),
    onceEnded: () => undefined, abandon: () => undefined, ...given,
  })
  return { clock, asked, cancels, silent, run }
}

test('an attempt without heartbeats whose row is gone, or that was cancelled, is asked to stop, once', async () => {
  const { clock, asked, cancels, silent, run } = open({ 1: 'gone', 2: 'cancel_requested' })
  const runs = [run(1), run(2), run(3)]
  silent.look(runs)
  await clock.advance(silentAskMs - 1)
  silent.look(runs)
  assert.equal(asked.length, 0)
  await clock.advance(1)
  silent.look(runs)
  await settled()
  assert.deepEqual(cancels, ['1 NOT_FOUND', '2 CANCELLED'])
  await clock.advance(silentAskMs)
  silent.look(runs)
  await settled()
  assert.deepEqual(asked.map((beats) => beats.map(({ command }) => command)), [[1, 2, 3], [3]])
  assert.equal(cancels.length, 2)
})

test('asking changes nothing: the deadline stays that of the start by the store, and so do the details', async () => {
  const { clock, asked, silent, run } = open()
  const began = clock.now() - 3
  const one = run(1, { details: '{"page":7}' as ActivityRun['details'] }, { startToCloseMs: 60_000 })
  await clock.advance(silentAskMs)
  silent.look([one])
  assert.deepEqual(asked[0]?.map(({ deadlineAt, details, attempt }) => [deadlineAt, details, attempt]), [[began + 60_000, '{"page":7}', 2]])
})

test('nobody asks about attempts that learn of it themselves, have no row, have ended or were told', async () => {
  const { clock, asked, silent, run } = open()
  const runs = [
    run(1, {}, { heartbeatMs: 60_000 }), run(2, { row: 'none' }), run(3, { row: 'writing' }), run(4, { ended: true }),
    run(5, { cancelRequested: true }), run(6, { storedAt: clock.now() + silentAskMs }),
  ]
  await clock.advance(silentAskMs)
  silent.look(runs)
  assert.equal(asked.length, 0)
})

test('a store that fails is asked again after the pause', async () => {
  const { clock, asked, silent, run } = open({ 1: new Error('the database is away') })
  const runs = [run(1)]
  await clock.advance(silentAskMs)
  silent.look(runs)
  await settled()
  silent.look(runs)
  assert.equal(asked.length, 1)
  await clock.advance(silentAskMs)
  silent.look(runs)
  assert.equal(asked.length, 2)
})
