import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { type CancelledFailure, proxyActivities } from '@perdure/workflow'
import { Context } from '@perdure/workflow/activity'
import { openStage, type Stage, type StageWorker } from '../../../test/worker-stage.ts'
import { asRunId } from '../../protocol/ids.ts'

const options = { startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const
const { stubborn } = proxyActivities<{ stubborn(): Promise<string> }>(options)
const { stubborn: stubbornElsewhere } = proxyActivities<{ stubborn(): Promise<string> }>({ ...options, taskQueue: 'elsewhere' })

/** The first attempt does not listen; the second ends when it is cancelled. */
class Attempts {
  readonly first = Promise.withResolvers<AbortSignal>()
  readonly second = Promise.withResolvers<void>()
  readonly letFirstGo = Promise.withResolvers<void>()
  readonly firstGone = Promise.withResolvers<void>()

  async run(): Promise<string> {
    const context = Context.current()
    if (context.info.attempt > 1) {
      this.second.resolve()
      return context.cancelled
    }
    void context.info.taskToken // whoever asks for it makes the attempt visible
    this.first.resolve(context.cancellationSignal)
    await this.letFirstGo.promise
    this.firstGone.resolve()
    return 'unheard'
  }
}

function open(t: TestContext): { stage: Stage; attempts: Attempts } {
  const attempts = new Attempts()
  const workflows = { here: () => stubborn(), elsewhere: () => stubbornElsewhere() }
  return { stage: openStage(t, { workflows, activities: { stubborn: () => attempts.run() } }), attempts }
}

/** As a failure that is told from outside does. */
async function failFirst({ store }: Stage, runId: string): Promise<void> {
  const outcome = { type: 'retry', availableAt: 0, deadlineAt: null, lastFailure: null, heartbeatDetails: null } as const
  const end = { runId: asRunId(runId), command: 1, attempt: 1, outcome }
  while (!(await store.endTasks([end]))[0]) await new Promise(setImmediate)
}

async function outlive(stage: Stage, attempts: Attempts, workflow: string, { worker, client }: Omit<StageWorker, 'crash'>): Promise<void> {
  const handle = await client.start(workflow, { workflowId: 'w' })
  const signal = await attempts.first.promise
  await failFirst(stage, handle.runId)
  await attempts.second.promise
  assert.equal((signal.reason as CancelledFailure).message, 'NOT_FOUND')
  assert.equal(worker.status().activities, 1, 'the slot of the first attempt is free')
  attempts.letFirstGo.resolve()
  await attempts.firstGone.promise
  await handle.cancel()
  await assert.rejects(handle.result(), { name: 'WorkflowFailedError' })
  assert.equal((await client.describe('w')).status, 'CANCELLED')
}

describe('an attempt that was failed from outside while it runs is outlived by the next on the same worker', () => {
  test('and the next one hears of a cancellation: its activity had a row from the beginning', async (t) => {
    const { stage, attempts } = open(t)
    const { client } = await stage.addWorker()
    const { worker } = await stage.addWorker({ taskQueues: ['elsewhere'] })
    await outlive(stage, attempts, 'elsewhere', { client, worker })
  })

  test('and the next one hears of a cancellation: its activity got a row later', async (t) => {
    const { stage, attempts } = open(t)
    await outlive(stage, attempts, 'here', await stage.addWorker())
  })
})
