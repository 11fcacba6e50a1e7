/** What is stored beside a recorded database, and how it is read from one: the same way when it is recorded and ever after. */
import { createHash } from 'node:crypto'
import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { ActivityTask, EventRecord, ExecutionRecord, Store } from '@perdure/engine'
import { Engine } from 'perdure'

export interface Recording {
  /** Of the migrations that the database was made with, by their file names. */
  readonly migrations: Readonly<Record<string, string>>
  readonly executions: readonly RecordedExecution[]
}

export interface RecordedExecution {
  readonly record: ExecutionRecord
  readonly events: readonly EventRecord[]
  readonly tasks: readonly ActivityTask[]
  /** As `engine.workflows.history` shows it, gone through JSON. */
  readonly view: readonly unknown[]
}

const ignore = (): void => undefined
export const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }

const packages = join(import.meta.dirname, '../../packages')

export function migrationsOf(home: 'sqlite' | 'postgres'): Record<string, string> {
  const folder = join(packages, home, 'src/migrations')
  const names = globSync('[0-9]*.ts', { cwd: folder }).sort()
  const sumOf = (name: string): string => createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')
  return Object.fromEntries(names.map((name) => [name, sumOf(name)]))
}

/** All executions of a database, by namespace and run id. Changes nothing. */
export async function executionsIn(open: () => Store): Promise<RecordedExecution[]> {
  const found: RecordedExecution[] = []
  for (const namespace of ['default', 'tenant']) {
    const store = open()
    const engine = await Engine.open({ store, namespace, worker: false, logger: silent })
    const { executions } = await engine.workflows.list()
    for (const { workflowId, runId } of executions) {
      const record = await store.getExecution(namespace, workflowId, runId as ExecutionRecord['runId'])
      if (record === undefined) throw new Error(`${workflowId} is listed and not there`)
      found.push({
        record, events: await store.readHistory(record.runId, 0, 10_000), tasks: await store.readTasks(record.runId),
        view: JSON.parse(JSON.stringify(await engine.workflows.history(workflowId, runId))) as unknown[],
      })
    }
    await engine.stop()
  }
  return found.sort((one, other) => (one.record.runId < other.record.runId ? -1 : 1))
}
