/** What a database holds at one moment, read through the port. */
import { asRunId } from '@perdure/engine'
import type { ActivityTask, EventRecord, ExecutionRecord, InboxMessage, Store, WorkerRecord } from '@perdure/engine'
import type { Line } from './journal.ts'

export interface Held {
  readonly execution: ExecutionRecord
  readonly history: readonly EventRecord[]
  readonly tasks: readonly ActivityTask[]
  readonly inbox: readonly InboxMessage[]
}

export interface Snapshot {
  readonly executions: readonly Held[]
  readonly workers: readonly WorkerRecord[]
}

export interface Evidence {
  readonly journal: readonly Line[]
  /** Before anybody else came. */
  readonly before: Snapshot
  /** When everything was over. */
  readonly after: Snapshot
  /** Rows left, by table, and files. */
  readonly left: Readonly<Record<string, number>>
}

const most = 1_000

export async function snapshotOf(store: Store): Promise<Snapshot> {
  const records = await store.listExecutions({ namespace: 'default', limit: most, after: null })
  const executions: Held[] = []
  for (const execution of records) {
    const runId = asRunId(execution.runId)
    executions.push({
      execution, history: await store.readHistory(runId, 0, most), tasks: await store.readTasks(runId),
      inbox: await store.readMessages(runId, most),
    })
  }
  return { executions, workers: await store.listWorkers('default') }
}
