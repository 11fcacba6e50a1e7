/** Rows of `updates`: how far each has come. They outlive the execution. */
import type { UpdateKey, UpdateRequest, UpdateRequestOutcome, UpdateState } from '@perdure/engine'
import type { Database } from './database.ts'
import { findUpdate } from './statements/find-update.ts'
import { insertMessage } from './statements/insert-message.ts'
import { putUpdate } from './statements/put-update.ts'
import { findTarget } from './target.ts'

export function requestUpdate(database: Database, request: UpdateRequest): UpdateRequestOutcome {
  const { connection } = database
  const { updateId, message } = request
  const target = findTarget(database, request)
  if (target === undefined) return { type: 'not_found' }
  const { id, runId, status } = target
  const state = connection.get(findUpdate, runId, updateId)
  if (state !== undefined && !(state.isOpen && state.stage === 'rejected')) return { type: 'known', runId, state }
  if (status !== 'RUNNING') return { type: 'closed', runId }
  connection.run(putUpdate, id, updateId, 'admitted', null, null)
  connection.run(insertMessage, id, message.type, message.data)
  return { type: 'requested', runId }
}

export function readUpdates({ connection }: Database, keys: readonly UpdateKey[]): UpdateState[] {
  return keys.flatMap(({ runId, updateId }) => connection.get(findUpdate, runId, updateId) ?? [])
}
