import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryEventView } from '@perdure/engine'
import { comingEvents } from '../src/cli/coming-events.ts'

function event(eventType: string, second: number, attributes: Readonly<Record<string, unknown>> = {}): HistoryEventView {
  return { eventId: 0, eventTime: new Date(second * 1_000), eventType, attributes }
}
const started = event('WorkflowExecutionStarted', 0)
const scheduled = (activityId: string) => event('ActivityTaskScheduled', 1, { activityId })
const begun = event('ActivityTaskStarted', 1, { attempt: 1 })
const ended = (second: number) => event('ActivityTaskCompleted', second)
const closed = event('WorkflowExecutionCompleted', 4)

test('each event is given once, also where others came in front of it and where several are alike', async () => {
  const reads = [
    [started],
    [started],
    [started, scheduled('a'), begun, ended(2)],
    [started, scheduled('a'), scheduled('b'), begun, ended(2), begun, ended(3)],
    [started, scheduled('a'), scheduled('b'), begun, ended(2), begun, ended(3), closed],
  ]
  const given: string[][] = []
  for await (const events of comingEvents(() => Promise.resolve(reads.shift() ?? []), () => Promise.resolve())) {
    given.push(events.map(({ eventType, attributes: { activityId } }) => (
      typeof activityId === 'string' ? `${eventType} ${activityId}` : eventType)))
  }
  assert.deepEqual(given, [
    ['WorkflowExecutionStarted'],
    ['ActivityTaskScheduled a', 'ActivityTaskStarted', 'ActivityTaskCompleted'],
    ['ActivityTaskScheduled b', 'ActivityTaskStarted', 'ActivityTaskCompleted'],
    ['WorkflowExecutionCompleted'],
  ])
  assert.deepEqual(reads, [])
})
