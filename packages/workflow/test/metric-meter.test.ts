import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { metricMeter } from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('counters, histograms and gauges go to the host with their tags, those of the meter first', async () => {
  await host.run(async () => {
    const meter = metricMeter.withTags({ team: 'a', of: 'meter' })
    meter.createCounter('orders', 'orders', 'all of them').withTags({ of: 'metric' }).add(2, { of: 'call' })
    meter.createHistogram('took', 'float', 'ms').withTags({ of: 'metric' }).record(1.5)
    metricMeter.createGauge('waiting').withTags({ of: 'metric' }).set(0)
    metricMeter.createGauge('waiting').set(1)
  })
  assert.deepEqual(host.measured, [
    ['counter', 'orders', 'orders', 'all of them', 2, { workflowType: 'test', team: 'a', of: 'call' }],
    ['histogram', 'took', 'ms', undefined, 1.5, { workflowType: 'test', team: 'a', of: 'metric' }],
    ['gauge', 'waiting', undefined, undefined, 0, { workflowType: 'test', of: 'metric' }],
    ['gauge', 'waiting', undefined, undefined, 1, { workflowType: 'test' }],
  ])
})

test('a metric says what it is', async () => {
  await host.run(async () => {
    const { name, unit, description, kind, valueType } = metricMeter.createHistogram('took', undefined, 'ms', 'how long')
    assert.deepEqual([name, unit, description, kind, valueType], ['took', 'ms', 'how long', 'histogram', 'int'])
  })
})

test('metrics without a name, without a number, below zero, and outside of workflows are refused', async () => {
  await host.run(async () => {
    assert.throws(() => metricMeter.createCounter(''), { code: 'METRIC_INVALID', message: /A counter was made without a name/ })
    assert.throws(() => metricMeter.createCounter('c').add(-1), { code: 'METRIC_INVALID', message: /counter 'c' is -1/ })
    assert.throws(() => metricMeter.createHistogram('h').record(Number.NaN), { code: 'METRIC_INVALID', message: /histogram 'h' is NaN/ })
    assert.throws(() => metricMeter.createGauge('g').set('7' as never), { code: 'METRIC_INVALID' })
  })
  assert.throws(() => metricMeter.createCounter('c'), { code: 'NOT_IN_WORKFLOW' })
  assert.deepEqual(host.measured, [])
})
