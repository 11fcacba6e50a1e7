/** What is stored beside a recorded database, and how it is read from one: the same way when it is recorded and ever after. */
import { createHash } from 'node:crypto'
import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { ActivityTask, EventRecord, ExecutionRecord, InboxMessage, Store, UpdateState } from '@perdure/engine'
import { Engine } from 'perdure'

export interface Recording {
  /** Of the migrations that the database was made with, by their file names. */
  readonly migrations: Readonly<Record<string, string>>
  readonly recordedAt: number
  readonly executions: readonly RecordedExecution[]
}

export interface RecordedExecution {
  readonly record: ExecutionRecord
  readonly events: readonly EventRecord[]
  readonly tasks: readonly ActivityTask[]
  /** Its inbox. */
  readonly unread: readonly InboxMessage[]
  readonly updates: readonly UpdateState[]
  /** As `engine.workflows.history` shows it, gone through JSON. */
  readonly view: readonly unknown[]
}

const ignore = (): void => undefined
export const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/** Folders of recorded versions, the newest last. */
export const versions = globSync('*/executions.ts', { cwd: import.meta.dirname }).map((path) => path.split(/[\\/]/)[0] ?? '')
  .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))

const packages = join(import.meta.dirname, '../../packages')

export function migrationsOf(home: 'sqlite' | 'postgres'): Record<string, string> {
  const folder = join(packages, home, 'src/migrations')
  const names = globSync('[0-9]*.ts', { cwd: folder }).sort()
  const sumOf = (name: string): string => createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')
  return Object.fromEntries(names.map((name) => [name, sumOf(name)]))
}

/** What of a database is not told by itself. */
export interface Recorded {
  readonly namespaces: readonly string[]
  readonly updateIds: readonly string[]
}

/** All executions of a database, as they are stored, by run id. Changes nothing. */
export async function executionsIn(open: () => Store, { namespaces, updateIds }: Recorded): Promise<RecordedExecution[]> {
  const found: RecordedExecution[] = []
  for (const namespace of namespaces) {
    const store = open()
    const engine = await Engine.open({ store, namespace, worker: false, logger: silent })
    const { executions, nextCursor } = await engine.workflows.list({ limit: 1_000 })
    if (nextCursor !== undefined) throw new Error(`There are more than a thousand executions in the namespace ${namespace}`)
    for (const { workflowId, runId: id } of executions) {
      const runId = id as ExecutionRecord['runId']
      const record = await store.getExecution(namespace, workflowId, runId)
      if (record === undefined) throw new Error(`${workflowId} is listed and not there`)
      found.push({
        record, events: await store.readHistory(runId, 0, 10_000), tasks: await store.readTasks(runId),
        unread: await store.readMessages(runId, 1_000),
        updates: await store.readUpdates(updateIds.map((updateId) => ({ runId, updateId }))),
        view: JSON.parse(JSON.stringify(await engine.workflows.history(workflowId, runId))) as unknown[],
      })
    }
    await engine.stop()
  }
  return found.sort((one, other) => (one.record.runId < other.record.runId ? -1 : 1))
}
