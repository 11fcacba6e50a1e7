/** Rows of `updates`: how far each has come. They outlive the execution. */
import type { RunId, UpdateChange, UpdateKey, UpdateRequest, UpdateRequestOutcome, UpdateState } from '@perdure/engine'
import { postToRun } from './inbox.ts'
import { findRun, type MemoryData, updateKey } from './memory-data.ts'

export function requestUpdate(data: MemoryData, request: UpdateRequest): UpdateRequestOutcome {
  const row = findRun(data, request)
  if (row === undefined) return { type: 'not_found' }
  const { runId } = row
  const state = readUpdate(data, { runId, updateId: request.updateId })
  if (state !== undefined && !(state.isOpen && state.stage === 'rejected')) return { type: 'known', runId, state }
  if (row.status !== 'RUNNING') return { type: 'closed', runId }
  admitUpdate(data, runId, request.updateId)
  postToRun(data, runId, request.message)
  return { type: 'requested', runId }
}

export function admitUpdate(data: MemoryData, runId: RunId, updateId: string): void {
  changeUpdate(data, runId, { updateId, stage: 'admitted', result: null, failure: null })
}

export function changeUpdate(data: MemoryData, runId: RunId, { updateId, stage, result, failure }: UpdateChange): void {
  data.set(data.updates, updateKey({ runId, updateId }), { updateId, stage, result, failure })
}

export function readUpdate(data: MemoryData, key: UpdateKey): UpdateState | undefined {
  const found = data.updates.get(updateKey(key))
  return found === undefined ? undefined : { ...found, runId: key.runId, isOpen: data.executions.get(key.runId)?.status === 'RUNNING' }
}
