/** Histories that a Temporal server wrote, replayed by us. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NondeterminismError, runReplayHistories, runReplayHistory, type TemporalHistory } from 'perdure/testing'
import { sleep } from 'perdure/workflow'
import * as programs from './program-workflow.ts'
import { recordedHistories } from './recorded.ts'
import * as plain from './workflows.ts'

test('histories of a Temporal server replay: orders, failures, cancellations, waits', async () => {
  const histories = recordedHistories('plain')
  assert.deepEqual(histories.map(({ workflowId }) => workflowId), ['order', 'failing', 'cancelled', 'waiting'])
  for (const { workflowId, history } of histories) await runReplayHistory({ workflows: plain }, history, workflowId)
})

test('histories of random programs on a Temporal server replay, with many events in one workflow task', async () => {
  const histories = recordedHistories('programs')
  assert.equal(histories.length, 60)
  assert.ok(histories.filter(({ history }) => largestTask(history) > 2).length > 20)
  const replays = runReplayHistories({ workflows: programs }, histories)
  for await (const { workflowId, error } of replays) assert.equal(error, undefined, workflowId)
})

/** So many events that came from outside stand before one workflow task. */
function largestTask({ events }: TemporalHistory): number {
  let largest = 0
  let count = 0
  for (const { eventType } of events) {
    if (/SIGNALED|FIRED|TASK_(COMPLETED|FAILED|CANCELED)$/.test(eventType) && !eventType.includes('WORKFLOW_TASK')) count++
    if (eventType === 'EVENT_TYPE_WORKFLOW_TASK_STARTED') count = 0
    largest = Math.max(largest, count)
  }
  return largest
}

const changes: readonly (readonly [what: string, from: RegExp, to: string, expected: RegExp, got: RegExp])[] = [
  ['another type of activity', /"name":"charge"/g, '"name":"refund"', /activity 'refund' with id 1/, /activity 'charge' with id 1/],
  ['another id of an activity', /"activityId":"1"/g, '"activityId":"one"', /with id one/, /with id 1/],
  ['another number of a timer', /"timerId":"3"/g, '"timerId":"4"', /timer 4/, /timer 3/],
  ['another command', /EVENT_TYPE_ACTIVITY_TASK_SCHEDULED(.*?)activityTaskScheduledEvent/g,
    'EVENT_TYPE_MARKER_RECORDED$1markerRecordedEvent', /^MarkerRecorded/, /activity 'charge'/],
]
for (const [what, from, to, expected, got] of changes) {
  test(`what the code asks for is held against what was recorded: ${what}`, async () => {
    const text = JSON.stringify(recordedHistories('plain')[0]?.history)
    const changed = text.replace(from, to)
    assert.notEqual(changed, text)
    const error = await runReplayHistory({ workflows: plain }, changed).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof NondeterminismError, String(error))
    assert.match(error.mismatch.expected, expected)
    assert.match(error.mismatch.got, got)
    assert.match(error.mismatch.location ?? '', /workflows\.ts:\d+/)
  })
}

test('a command more than was recorded, and one less, are told', async () => {
  const [{ history } = assert.fail()] = recordedHistories('plain')
  const mismatchOf = async (workflow: () => Promise<unknown>) => {
    const error = await runReplayHistory({ workflows: { order: workflow } }, history).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof NondeterminismError, String(error))
    return error.mismatch
  }
  const less = await mismatchOf(async () => new Promise(() => undefined))
  assert.match(less.expected, /^TimerStarted: timer 2$/)
  assert.equal(less.got, 'the code issued no command here and no more')
  const more = await mismatchOf(async () => { await Promise.all([plain.order('order-7'), sleep(5)]) })
  assert.match(more.got, /^one more: timer 3$/)
})
