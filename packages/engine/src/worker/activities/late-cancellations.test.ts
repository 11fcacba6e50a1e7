import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancellationScope, isCancellation, proxyActivities } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'
import { asRunId } from '../../protocol/ids.ts'

const { late } = proxyActivities<{ late(): Promise<string> }>({
  taskQueue: 'elsewhere', startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED',
})

async function cancelling(): Promise<string> {
  try {
    return await CancellationScope.cancellable(() => late())
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : 'failed'
  }
}

test('an activity that a worker takes in the moment in which it is cancelled is waited for: it was not cancelled unrun', async (t) => {
  const [begun, read, looked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const heedless = async (): Promise<string> => {
    begun.resolve()
    await looked.promise
    return 'done all the same'
  }
  const stage = openStage(t, { workflows: { cancelling }, activities: { late: heedless } })
  const { client } = await stage.addWorker()
  const handle = await client.start('cancelling')
  while ((await stage.store.readTasks(asRunId(handle.runId))).length === 0) await new Promise(setImmediate)
  stage.onReadTasks = async (forward) => {
    const tasks = await forward()
    read.resolve()
    await begun.promise
    return tasks
  }
  await handle.cancel()
  await read.promise
  await stage.addWorker({ taskQueues: ['elsewhere'] })
  await begun.promise
  let looks = 0
  stage.onLook = () => { if (++looks === 5) looked.resolve() }
  assert.equal(await handle.result(), 'done all the same')
})
