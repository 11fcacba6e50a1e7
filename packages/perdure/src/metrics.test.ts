import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metricMeter as activityMeter } from '@perdure/workflow/activity'
import { metricMeter, proxyActivities, sleep } from '@perdure/workflow'
import { Engine } from './engine.ts'

const { weigh } = proxyActivities<{ weigh(): Promise<number> }>({ startToCloseTimeout: '10 seconds' })

async function weighing(): Promise<number> {
  const weighed = metricMeter.createCounter('weighed', 'parcels', 'Parcels that were weighed')
  weighed.add(1)
  const grams = await weigh()
  await sleep(1)
  weighed.withTags({ heavy: grams > 1_000 }).add(1)
  return grams
}

const activities = {
  async weigh(): Promise<number> {
    activityMeter.createHistogram('weight', 'int', 'g').record(1_200)
    return 1_200
  },
}

test('what workflows and activities measure comes once, with tags that say where, however often code is replayed', async () => {
  const measured: string[] = []
  const engine = await Engine.open({
    database: ':memory:', logger: { debug() {}, info() {}, warn() {}, error() {} }, worker: { maxCachedWorkflows: 0 },
    onMetric: ({ kind, name, unit, value, tags }) => {
      const { namespace, taskQueue, workflowType, activityType, heavy } = tags
      measured.push([kind, name, unit, value, namespace, taskQueue, workflowType, activityType, heavy].join(' '))
    },
  })
  engine.workflows.register({ weighing })
  engine.activities.register(activities)
  await engine.start()
  await engine.workflows.execute(weighing, { workflowId: 'parcel' })
  await engine.stop()
  assert.deepEqual(measured.sort(), [
    'counter weighed parcels 1 default default weighing  ', 'counter weighed parcels 1 default default weighing  true',
    'histogram weight g 1200 default default weighing weigh ',
  ])
})

test('a listener that is no function is refused', async () => {
  const opened = Engine.open({ database: ':memory:', onMetric: 'counters' as never })
  await assert.rejects(opened, { code: 'ENGINE_OPTIONS_INVALID', message: /onMetric/ })
})
