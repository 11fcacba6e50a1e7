import type { Payload, RunId, UpdateStage, UpdateState } from '@perdure/engine'

export interface UpdateRow {
  readonly run_id: RunId
  readonly update_id: string
  readonly stage: UpdateStage
  readonly result: Payload | null
  readonly failure: Payload | null
  readonly is_open: boolean
}

export function updateState(row: UpdateRow): UpdateState {
  return {
    runId: row.run_id, updateId: row.update_id, stage: row.stage, result: row.result, failure: row.failure, isOpen: row.is_open,
  }
}
