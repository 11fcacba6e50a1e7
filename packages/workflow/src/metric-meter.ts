import { scopeOf } from './cancellation-scope.ts'
import { composeInterceptors, outboundOf } from './interceptor-composition.ts'
import type { Next, WorkflowOutboundCallsInterceptor } from './interceptors.ts'
import type { Metric, MetricCounter, MetricGauge, MetricHistogram, MetricMeter, MetricTags } from './metric.ts'
import { PerdureError } from './perdure-error.ts'

/** Where the values of a meter go. */
export interface MetricSink {
  /** Throws where metrics cannot be made. */
  check(called: string): void
  record(kind: 'counter' | 'histogram' | 'gauge', metric: Metric, value: number, tags: MetricTags): void
}

/** Metrics of workflow code, sent once: never on replay. */
export const metricMeter: MetricMeter = meterTo({
  check: (called) => void scopeOf(called),
  record: (kind, { name, unit, description }, value, tags) => {
    const { host } = scopeOf(`metric '${name}'`)
    const outbound = outboundOf(host, 'getMetricTags')
    const { workflowType } = host.info()
    const around = outbound === undefined ? { workflowType } : metricTags(outbound, { workflowType })
    host.metric(kind, name, unit, description, value, { ...around, ...tags })
  },
})

function metricTags(outbound: readonly WorkflowOutboundCallsInterceptor[], tags: MetricTags): MetricTags {
  const asTheyAre: Next<WorkflowOutboundCallsInterceptor, 'getMetricTags'> = (input) => input
  return composeInterceptors(outbound, 'getMetricTags', asTheyAre)(tags)
}

export function meterTo(sink: MetricSink, tags: MetricTags = {}): MetricMeter {
  return {
    createCounter: (name, unit, description) =>
      counterOf(checked(sink, { name, kind: 'counter' as const, valueType: 'int' as const, ...about(unit, description) }), sink, tags),
    createHistogram: (name, valueType = 'int', unit, description) =>
      histogramOf(checked(sink, { name, kind: 'histogram' as const, valueType, ...about(unit, description) }), sink, tags),
    createGauge: (name, valueType = 'int', unit, description) =>
      gaugeOf(checked(sink, { name, kind: 'gauge' as const, valueType, ...about(unit, description) }), sink, tags),
    withTags: (more) => meterTo(sink, { ...tags, ...more }),
  }
}

type Facts<M extends Metric> = Omit<M, 'add' | 'record' | 'set' | 'withTags'>

function counterOf(facts: Facts<MetricCounter>, sink: MetricSink, tags: MetricTags): MetricCounter {
  return {
    ...facts,
    add: (value, extraTags) => sink.record('counter', facts, notNegative(value, facts), { ...tags, ...extraTags }),
    withTags: (more) => counterOf(facts, sink, { ...tags, ...more }),
  }
}

function histogramOf(facts: Facts<MetricHistogram>, sink: MetricSink, tags: MetricTags): MetricHistogram {
  return {
    ...facts,
    record: (value, extraTags) => sink.record('histogram', facts, notNegative(value, facts), { ...tags, ...extraTags }),
    withTags: (more) => histogramOf(facts, sink, { ...tags, ...more }),
  }
}

function gaugeOf(facts: Facts<MetricGauge>, sink: MetricSink, tags: MetricTags): MetricGauge {
  return {
    ...facts,
    set: (value, extraTags) => sink.record('gauge', facts, notNegative(value, facts), { ...tags, ...extraTags }),
    withTags: (more) => gaugeOf(facts, sink, { ...tags, ...more }),
  }
}

function checked<M extends Metric>(sink: MetricSink, metric: M): M {
  sink.check('metricMeter')
  if (typeof metric.name === 'string' && metric.name !== '') return metric
  throw new PerdureError('METRIC_INVALID', `A ${metric.kind} was made without a name; give it a text`)
}

function about(unit: string | undefined, description: string | undefined): { unit?: string; description?: string } {
  return { ...(unit === undefined ? {} : { unit }), ...(description === undefined ? {} : { description }) }
}

function notNegative(value: number, { kind, name }: Metric): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new PerdureError('METRIC_INVALID', `The value of ${kind} '${name}' is ${String(value)}; give a number that is not negative`)
}
