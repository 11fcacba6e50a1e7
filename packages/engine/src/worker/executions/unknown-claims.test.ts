import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { defineQuery, proxyActivities, setHandler } from '@perdure/workflow'
import { activityInfo } from '@perdure/workflow/activity'
import { openStage, type Stage, type StageWorker } from '../../../test/worker-stage.ts'
import { StoreOutcomeUnknownError } from '../../ports/store-error.ts'
import { asIncarnation } from '../../protocol/ids.ts'

const at = defineQuery<string>('at')

async function asked(): Promise<void> {
  setHandler(at, () => 'over')
}

const { act } = proxyActivities<{ act(): Promise<string> }>({ startToCloseTimeout: '1 hour', taskQueue: 'elsewhere' })

async function scene(t: TestContext): Promise<{ stage: Stage } & StageWorker> {
  const workflows = { quick: async () => 'done', remote: () => act(), asked }
  const stage = openStage(t, { workflows, activities: { act: async () => 'acted' } })
  await stage.addWorker({ taskQueues: ['elsewhere'] })
  return { stage, ...await stage.addWorker() }
}

/** The first answer that brings something is lost on its way. */
function losing<T>(isEmpty: (answer: T) => boolean): (forward: () => Promise<T>) => Promise<T> {
  let isLost = false
  return async (forward) => {
    const answer = await forward()
    if (isLost || isEmpty(answer)) return answer
    isLost = true
    throw new StoreOutcomeUnknownError('The connection broke')
  }
}

/** The first answer that brings something comes when its worker has been taken for dead and has started over. */
function late<T>(stage: Stage, worker: StageWorker['worker'], isEmpty: (answer: T) => boolean): (forward: () => Promise<T>) => Promise<T> {
  let isLate = false
  return async (forward) => {
    const answer = await forward()
    if (isLate || isEmpty(answer)) return answer
    isLate = true
    const { incarnation } = worker.status()
    await stage.store.retireWorker(asIncarnation(incarnation ?? 0))
    while ([incarnation, null].includes(worker.status().incarnation)) await new Promise(setImmediate)
    return answer
  }
}

test('executions of a claim that is answered when its worker has started over are run by the next incarnation alone', async (t) => {
  let runs = 0
  const stage = openStage(t, { workflows: { counted: async () => ++runs } })
  const { client, worker } = await stage.addWorker()
  stage.onClaim = late(stage, worker, (claimed) => claimed.length === 0)
  assert.equal(await client.execute('counted', { workflowId: 'w', startDelay: 1 }), 1)
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
  assert.equal(runs, 1)
})

test('activities of a claim that is answered when their worker has started over are not begun by it', async (t) => {
  const attempts: number[] = []
  const stage = openStage(t, {
    workflows: { remote: () => act() },
    activities: { act: async () => { attempts.push(activityInfo().attempt); return 'acted' } },
  })
  const { worker } = await stage.addWorker({ taskQueues: ['elsewhere'] })
  const { client } = await stage.addWorker()
  stage.onClaimTasks = late(stage, worker, ({ tasks }) => tasks.length === 0)
  assert.equal(await client.execute('remote', { workflowId: 'w' }), 'acted')
  assert.deepEqual(attempts, [2])
})

test('executions of a claim whose answer was lost are run: nobody else would take them from a worker that lives', async (t) => {
  const { stage, client, worker } = await scene(t)
  const before = worker.status().incarnation
  stage.onClaim = losing((claimed) => claimed.length === 0)
  const handle = await client.start('quick', { workflowId: 'w', startDelay: 1 })
  assert.equal(await handle.result(), 'done')
  assert.notEqual(worker.status().incarnation, before)
})

test('activities of a claim whose answer was lost are begun again, long before their timeout', async (t) => {
  const { stage, client } = await scene(t)
  stage.onClaimTasks = losing(({ tasks }) => tasks.length === 0)
  assert.equal(await client.execute('remote', { workflowId: 'w' }), 'acted')
})

test('queries of a claim whose answer was lost are answered, long before anybody gives up waiting', async (t) => {
  const { stage, client } = await scene(t)
  await client.execute('asked', { workflowId: 'w' })
  stage.onClaimQueries = losing((queries) => queries.length === 0)
  assert.equal(await client.query('w', at), 'over')
})
