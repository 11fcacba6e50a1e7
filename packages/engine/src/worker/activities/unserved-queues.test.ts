import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { unservedToldMs } from '../../limits.ts'
import type { QueueDescription } from '../../ports/store.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { UnservedQueues } from './unserved-queues.ts'

function stage() {
  const clock = new ManualClock()
  const told: string[] = []
  let answer: () => Promise<Partial<QueueDescription>> = async () => described(0, 1)
  const work: Promise<unknown>[] = []
  const context = {
    clock, settings: { taskQueues: ['own'], namespace: 'default' }, logger: { warn: (text: string) => void told.push(text) },
    store: { describeQueue: () => answer() },
    background: (_what: string, run: () => Promise<void>) => void work.push(run().catch(() => undefined)),
  } as unknown as WorkerContext
  const queues = new UnservedQueues(context)
  return {
    clock, told, queues,
    answers: (next: typeof answer) => { answer = next },
    pass: async () => {
      await clock.advance(unservedToldMs)
      await Promise.all(work)
    },
  }
}

const described = (workers: number, waiting: number) => (
  { workers: Array.from({ length: workers }), activities: { waiting } }) as unknown as Partial<QueueDescription>
const task = (taskQueue: string) => ({ taskQueue, activityType: 'render', workflowId: 'film-7' }) as ActivityTask

test('a queue that nobody serves is told once, after a while', async () => {
  const { queues, told, pass } = stage()
  queues.watch(task('own'))
  queues.watch(task('images'))
  queues.watch(task('images'))
  assert.deepEqual(told, [])
  await pass()
  queues.watch(task('images'))
  await pass()
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /No worker serves task queue 'images', where activity 'render' of workflow 'film-7' waits/)
})

test('what is served, and what could not be looked at, is looked at again with the next task', async () => {
  const { queues, told, pass, answers } = stage()
  answers(async () => described(1, 1))
  queues.watch(task('images'))
  await pass()
  answers(async () => { throw new Error('away') })
  queues.watch(task('images'))
  await pass()
  assert.deepEqual(told, [])
  answers(async () => described(0, 1))
  queues.watch(task('images'))
  await pass()
  assert.equal(told.length, 1)
})

test('nothing is left to wait for once it is stopped', () => {
  const { queues, clock } = stage()
  queues.watch(task('images'))
  queues.stop()
  assert.deepEqual(clock.pending, [])
})
