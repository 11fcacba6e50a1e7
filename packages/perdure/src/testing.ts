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
export { createMemoryStore } from '@perdure/testing'
export type { MemoryStoreOptions } from '@perdure/testing'
