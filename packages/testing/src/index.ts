export { createMemoryStore } from './memory-store/memory-store.ts'
export type { MemoryStoreOptions } from './memory-store/memory-store.ts'
