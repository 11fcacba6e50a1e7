import assert from 'node:assert/strict'
import { test } from 'node:test'
import { record } from '../../../test/execution-driver.ts'
import { encodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityEnd } from '../../protocol/event.ts'
import type { Payload } from '../../protocol/payload.ts'
import { asInput } from '../commits/open-unit.ts'
import { ownedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { keepEnds } from './kept-ends.ts'

const options = encodeActivityOptions({
  startToCloseMs: 1_000, cancellationType: 'TRY_CANCEL',
  retry: { initialMs: 1, coefficient: 1, maximumMs: 1, maximumAttempts: 1, nonRetryableErrorTypes: [] },
})

function endOf(command: number): ActivityEnd {
  return {
    type: 'ActivityTaskCompleted', command, activityType: 'act', activityId: String(command), taskQueue: 'queue', attempt: 1,
    scheduledAt: 1, startedAt: 1, options, input: '[]' as Payload, result: '1' as Payload,
  }
}

test('whenever a result comes while an execution is held, it is posted before the execution leaves, or finds it leaving', async () => {
  for (let microtasks = 0; microtasks < 12; microtasks++) {
    const owned = ownedExecution(record, 1)
    const posted: number[] = []
    const inTime: boolean[] = []
    const comesLater = async (): Promise<void> => {
      for (let count = 0; count < microtasks; count++) await Promise.resolve()
      inTime.push(owned.phase === 'loading')
      owned.inputs.push(asInput(endOf(2)))
    }
    const post: WorkerContext['store']['post'] = async (posts) => {
      posted.push(posts.length)
      if (posted.length === 1) void comesLater()
      return posts.map(() => ({ type: 'posted', id: 1, runId: owned.runId }))
    }
    owned.phase = 'loading'
    owned.inputs.push(asInput(endOf(1)))
    await keepEnds({ store: { post }, over: () => false } as unknown as WorkerContext, owned, () => { owned.phase = 'leaving' })
    while (inTime.length === 0) await Promise.resolve()
    assert.deepEqual(posted.length, inTime[0] === true ? 2 : 1, `after ${microtasks} microtasks`)
  }
})
