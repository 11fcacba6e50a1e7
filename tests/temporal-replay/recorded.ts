/** Histories that a Temporal server wrote (record.ts). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TemporalHistory } from 'perdure/testing'

export interface RecordedHistory {
  readonly workflowId: string
  readonly history: TemporalHistory
}

export function recordedHistories(name: 'plain' | 'programs' | 'scenarios'): readonly RecordedHistory[] {
  const text = readFileSync(join(import.meta.dirname, 'recorded', `${name}.jsonl`), 'utf8')
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as RecordedHistory)
}
