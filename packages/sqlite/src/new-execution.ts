import type { Incarnation, StartLink, StartRecord } from '@perdure/engine'
import type { Database } from './database.ts'
import { insertExecution as insertRow } from './statements/insert-execution.ts'
import { insertMessage } from './statements/insert-message.ts'
import { linkExecution } from './statements/link-execution.ts'
import { putUpdate } from './statements/put-update.ts'

/** False: the run exists, or the id has an open one. */
export function insertExecution(database: Database, incarnation: Incarnation | null, start: StartRecord): boolean {
  const { connection, runs, now } = database
  const owner = start.owned ? incarnation : null
  // Due by this clock: that of its client may be ahead.
  const wakeAt = owner === null ? Math.min(start.startedAt, now()) + start.wakeAt - start.startedAt : null
  const { changes, row } = connection.change(
    insertRow, start.runId, start.namespace, start.workflowId, start.workflowType, start.taskQueue, start.priority, owner,
    wakeAt, start.startedAt, owner === null ? null : start.startedAt, start.input, start.memo, start.searchAttributes,
  )
  if (changes !== 1) return false
  runs.add(start.runId, row)
  if (start.link !== undefined) link(database, row, start.link)
  return true
}

function link({ connection }: Database, id: number, { firstRunId, parent, expiresAt, details, messages }: StartLink): void {
  const { runId = null, command = null, closePolicy = null } = parent ?? {}
  connection.run(linkExecution, id, firstRunId, runId, command, closePolicy, expiresAt, details)
  for (const { type, data, updateId } of messages) {
    if (updateId !== null) connection.run(putUpdate, id, updateId, 'admitted', null, null)
    connection.run(insertMessage, id, type, data)
  }
}
