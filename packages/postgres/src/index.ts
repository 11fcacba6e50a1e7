export { createPostgresNotifier } from './postgres-notifier.ts'
export type { PostgresNotifierOptions } from './postgres-notifier.ts'
export { createPostgresStore } from './postgres-store.ts'
export type { PostgresStoreOptions } from './postgres-store.ts'
