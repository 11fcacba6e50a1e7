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

const failing: readonly (readonly [what: string, onMetric: unknown])[] = [
  ['throws', () => { throw new Error('no disk') }], ['rejects', () => Promise.reject(new Error('no disk'))],
]
for (const [what, listener] of failing) {
  test(`a listener that ${what} is told once, as a warning of the process, and stops nothing`, async (t) => {
    const told: string[] = []
    t.mock.method(process, 'emitWarning', (message: string) => { told.push(message) })
    const onMetric = listener as () => void
    const engine = await Engine.open({ database: ':memory:', logger: { debug() {}, info() {}, warn() {}, error() {} }, onMetric })
    engine.workflows.register({ weighing })
    engine.activities.register(activities)
    await engine.start()
    assert.equal(await engine.workflows.execute(weighing, { workflowId: 'parcel' }), 1_200)
    await engine.stop()
    assert.deepEqual(told, ['The onMetric given to the engine threw, and measurements are missing: no disk'])
  })
}

test('a listener that is no function is refused', async () => {
  const opened = Engine.open({ database: ':memory:', onMetric: 'counters' as never })
  await assert.rejects(opened, { code: 'ENGINE_OPTIONS_INVALID', message: /onMetric/ })
})
