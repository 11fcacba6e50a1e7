import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineSearchAttributeKey } from '@perdure/workflow'
import { asRunId } from '../protocol/ids.ts'
import type { LiveExecutionParts, StartedInfo } from './live-execution-parts.ts'
import { visibleInfo, type RunState } from './visible-info.ts'
import { jsonValues } from '../conversion/value-converter.ts'
import { VisibleState } from './visible-state.ts'

const started: StartedInfo = {
  workflowId: 'w', runId: asRunId('r'), firstExecutionRunId: 'r', workflowType: 'order', namespace: 'default', taskQueue: 'default',
  startTime: new Date(1), runStartTime: new Date(1), searchAttributes: { Region: ['eu'] }, memo: { page: 1 }, attempt: 1,
}
const state: RunState = { changed: undefined, historyLength: 5, historySize: 50, isReplaying: true, inQuery: false }
const region = defineSearchAttributeKey('Region', 'KEYWORD')

function parts(more: Partial<StartedInfo> = {}): LiveExecutionParts {
  const facts: Partial<LiveExecutionParts> = { info: () => ({ ...started, ...more }), historyEventsSuggested: 10, wallClock: () => 7 }
  return facts as LiveExecutionParts
}

test('memo and search attributes are those of the start, until the code has changed them', () => {
  const before = visibleInfo(parts(), state)
  assert.deepEqual([before.memo, before.typedSearchAttributes.get(region)], [{ page: 1 }, 'eu'])
  const changed = new VisibleState({ page: 2 }, { Region: ['us'] }, jsonValues)
  const after = visibleInfo(parts(), { ...state, changed })
  assert.deepEqual([after.memo, after.searchAttributes, after.typedSearchAttributes.get(region)], [{ page: 2 }, { Region: ['us'] }, 'us'])
})

test('a long history suggests to continue as new, and says why', () => {
  const short = visibleInfo(parts(), state)
  assert.deepEqual([short.continueAsNewSuggested, 'suggestedContinueAsNewReasons' in short], [false, false])
  const long = visibleInfo(parts(), { ...state, historyLength: 10 })
  assert.deepEqual([long.continueAsNewSuggested, long.suggestedContinueAsNewReasons], [true, ['TOO_MANY_HISTORY_EVENTS']])
})

test('a query that was answered after a replay runs now', () => {
  const inCode = visibleInfo(parts(), state).unsafe
  const inQuery = visibleInfo(parts(), { ...state, inQuery: true }).unsafe
  assert.deepEqual([inCode.isReplaying, inCode.isReplayingHistoryEvents, inCode.now()], [true, true, 7])
  assert.deepEqual([inQuery.isReplaying, inQuery.isReplayingHistoryEvents], [true, false])
})

test('what Perdure does not have reads as on Temporal without it', () => {
  const { originalExecutionRunId, taskTimeoutMs, targetWorkerDeploymentVersionChanged } = visibleInfo(parts(), state)
  assert.deepEqual([originalExecutionRunId, taskTimeoutMs, targetWorkerDeploymentVersionChanged], ['r', 10_000, false])
  assert.equal(visibleInfo(parts({ taskTimeoutMs: 5_000 }), state).taskTimeoutMs, 5_000)
})
