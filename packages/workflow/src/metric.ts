/** Metrics that workflow and activity code makes; shapes are those of Temporal's TypeScript SDK. */
export type MetricTags = Record<string, string | number | boolean>
export type NumericMetricValueType = 'int' | 'float'
export type MetricKind = 'counter' | 'histogram' | 'gauge' | 'up-down-counter'

export interface Metric {
  name: string
  unit?: string
  description?: string
  kind: MetricKind
  valueType: NumericMetricValueType
}
export interface MetricCounter extends Metric {
  kind: 'counter'
  valueType: 'int'
  /** Adds what is not negative. */
  add(value: number, extraTags?: MetricTags): void
  withTags(tags: MetricTags): MetricCounter
}
export interface MetricHistogram extends Metric {
  kind: 'histogram'
  /** Records a value that is not negative. */
  record(value: number, extraTags?: MetricTags): void
  withTags(tags: MetricTags): MetricHistogram
}
export interface MetricGauge extends Metric {
  kind: 'gauge'
  /** Sets it to a value that is not negative. */
  set(value: number, extraTags?: MetricTags): void
  withTags(tags: MetricTags): MetricGauge
}
export interface MetricMeter {
  createCounter(name: string, unit?: string, description?: string): MetricCounter
  createHistogram(name: string, valueType?: NumericMetricValueType, unit?: string, description?: string): MetricHistogram
  createGauge(name: string, valueType?: NumericMetricValueType, unit?: string, description?: string): MetricGauge
  /** The same meter; all its metrics have these tags too. */
  withTags(tags: MetricTags): MetricMeter
}
