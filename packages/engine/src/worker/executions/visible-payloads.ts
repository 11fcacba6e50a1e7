import type { LiveExecution } from '../../execution/live-execution.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import { encodePayload } from '../../protocol/payload-codec.ts'
import type { Visible } from './next-run.ts'

/** Memo and search attributes as the code has left them. */
export function visibleOf(record: ExecutionRecord, live: LiveExecution): Visible {
  const changed = live.calls.visibleOrNone
  if (changed === undefined) return { memo: record.memo, searchAttributes: record.searchAttributes }
  const { memo, searchAttributes } = changed
  return {
    memo: memo === undefined ? null : live.values.encodeFields(memo, 'memo'),
    searchAttributes: Object.keys(searchAttributes).length === 0 ? null : encodePayload(searchAttributes, 'search attributes'),
  }
}
