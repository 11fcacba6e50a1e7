import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMax } from '../../limits.ts'
import type { Clock } from '../../ports/clock.ts'
import { StoreUnavailableError } from '../../ports/store-error.ts'
import type { Store } from '../../ports/store.ts'
import { createSystemClock } from '../../ports/system-clock.ts'
import type { ActivityTask, TaskEnd } from '../../protocol/activity-task.ts'
import { asIncarnation } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { TaskEnder } from './task-ender.ts'

const overdue = {
  runId: 'r', command: 1, attempt: 1, activityType: 'act', activityId: '1', taskQueue: 'queue', options: '{}', input: '[]', worker: null,
  scheduledAt: 0, availableAt: 0, startedAt: null, deadlineAt: 1, closeBy: null, lost: false, cancelRequested: false, lastFailure: null,
  heartbeatDetails: null,
} as unknown as ActivityTask

function enderOf(
  over: () => boolean, expiredTasks: Store['expiredTasks'] = async () => [overdue],
): { ender: TaskEnder; sent: TaskEnd[] } {
  const sent: TaskEnd[] = []
  const store: Partial<Store> = {
    expiredTasks,
    endTasks: async (ends) => { sent.push(...ends); return ends.map(() => true) },
  }
  const nothing = (): void => undefined
  const context = {
    store, clock: createSystemClock(), logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    settings: { namespace: 'test' }, over, kickInbox: nothing, kickTasks: nothing, kickClaim: nothing, background: nothing,
  } as unknown as WorkerContext
  return { ender: new TaskEnder(context), sent }
}

test('an overdue task is ended', async () => {
  const { ender, sent } = enderOf(() => false)
  await ender.expire()
  assert.deepEqual(sent.map(({ runId, command, attempt }) => [runId, command, attempt]), [['r', 1, 1]])
})

test('however many tasks are overdue, one look ends them all', async () => {
  const left = Array.from({ length: 2 * readMax + 7 }, (_, index): ActivityTask => ({ ...overdue, command: index + 1 }))
  const { ender, sent } = enderOf(() => false, async (_namespace, _now, limit) => left.splice(0, limit))
  await ender.expire()
  assert.equal(new Set(sent.map(({ command }) => command)).size, 2 * readMax + 7)
})

test('a page of overdue tasks that the store does not let go is not read for ever', async () => {
  const page = Array.from({ length: readMax }, (_, index): ActivityTask => ({ ...overdue, command: index + 1 }))
  const { ender, sent } = enderOf(() => false, async () => page)
  await ender.expire()
  assert.equal(sent.length, readMax)
})

test('after the end of its session nothing is sent, and nobody waits for it', async () => {
  const { ender, sent } = enderOf(() => true)
  await ender.expire()
  await ender.settled()
  assert.deepEqual(sent, [])
})

test('a waiting task is cancelled also when the database is away at first', async () => {
  let tries = 0
  const sent: TaskEnd[] = []
  const store: Partial<Store> = {
    readTasks: async () => {
      if (++tries < 3) throw new StoreUnavailableError('away')
      return [overdue]
    },
    endTasks: async (ends) => { sent.push(...ends); return ends.map(() => true) },
  }
  const nothing = (): void => undefined
  const clock: Clock = { ...createSystemClock(), timer: (_ms, call) => { setImmediate(call); return nothing } }
  const context = { store, clock, over: () => false, kickInbox: nothing, kickTasks: nothing, kickClaim: nothing }
  await new TaskEnder(context as unknown as WorkerContext).cancelWaiting(overdue.runId, overdue.command)
  assert.deepEqual(sent.map(({ outcome }) => outcome.type === 'post' && outcome.eventType), ['ActivityTaskCanceled'])
  assert.deepEqual(sent.map(({ outcome }) => outcome.type === 'post' && outcome.onlyWaiting), [true], 'somebody may take it meanwhile')
})

/** What follows a retry of a task, which the store then shows as `row`. */
async function afterRetry(row: Partial<ActivityTask>): Promise<readonly TaskEnd[]> {
  const sent: TaskEnd[] = []
  const work: Promise<void>[] = []
  const failed: ActivityTask = { ...overdue, worker: asIncarnation(1), startedAt: 1 }
  const store: Partial<Store> = {
    readTasks: async () => [{ ...overdue, attempt: 2, ...row }],
    endTasks: async (ends) => { sent.push(...ends); return ends.map(() => true) },
  }
  const nothing = (): void => undefined
  const context = {
    store, clock: createSystemClock(), over: () => false, kickInbox: nothing, kickTasks: nothing, kickClaim: nothing,
    background: (_what: string, run: () => Promise<void>) => void work.push(run()),
  } as unknown as WorkerContext
  const ender = new TaskEnder(context)
  ender.end({ task: failed, details: null } as ActivityRun, { type: 'retry', availableAt: 9, lastFailure: '{}' as Payload })
  await ender.settled()
  await Promise.all(work)
  return sent
}

test('an attempt that failed before it heard of its cancellation is not tried again', async () => {
  const [retry, end] = await afterRetry({ cancelRequested: true })
  assert.equal(retry?.outcome.type, 'retry')
  assert.deepEqual([end?.attempt, end?.outcome.type === 'post' && end.outcome.eventType], [2, 'ActivityTaskCanceled'])
})

test('a retry of what nobody cancelled, or of what runs already, stays', async () => {
  assert.equal((await afterRetry({})).length, 1)
  assert.equal((await afterRetry({ cancelRequested: true, worker: asIncarnation(2) })).length, 1)
})
