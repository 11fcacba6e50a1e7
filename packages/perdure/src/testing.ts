/**
 * What tests of workflows import.
 *
 * @example
 * import { TestEnvironment } from 'perdure/testing'
 */
export { TestEnvironment } from './testing/test-environment.ts'
export type { TestActivities } from './testing/test-environment.ts'
export type { TestEnvironmentOptions } from './testing/test-options.ts'
export type { ActivityCall, ActivityMocksOf } from './testing/activity-mocks.ts'
export { simulate } from './testing/simulate.ts'
export type { SimulationReport } from './testing/simulate.ts'
export { SimulationFailedError } from './testing/simulation-failure.ts'
export type { Bystander, FinishedRun, Invariant, SimulatedOutcome, SimulateOptions, SimulateSettings } from './testing/simulate-options.ts'
export type { Fault, FaultType, SimulatedCall } from '@perdure/testing'
export { createMemoryStore } from '@perdure/testing'
export type { MemoryStoreOptions } from '@perdure/testing'
export { NondeterminismError, runReplayHistories, runReplayHistory } from '@perdure/engine'
export type { HistoryAndWorkflowId, Mismatch, ReplayOptions, ReplayResult, TemporalEvent, TemporalHistory } from '@perdure/engine'
