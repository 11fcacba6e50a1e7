/** What tests of workflows import. */
export { createMemoryStore } from '@perdure/testing'
export type { MemoryStoreOptions } from '@perdure/testing'
