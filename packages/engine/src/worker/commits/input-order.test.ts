import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryEvent, InboxRequest } from '../../protocol/event.ts'
import type { Payload } from '../../protocol/payload.ts'
import { addInOrder, inOrder, nextMessage } from './input-order.ts'
import { asInput } from './open-unit.ts'
import type { Input } from './owned-execution.ts'

const input = '[]' as Payload
const events: Readonly<Record<string, HistoryEvent | InboxRequest>> = {
  timer: { type: 'TimerFired', command: 1, durationMs: 1, startedAt: 0 },
  signal: { type: 'WorkflowExecutionSignaled', signalName: 'a', identity: '', input },
  update: { type: 'WorkflowExecutionUpdateRequested', updateId: 'u', updateName: 'u', identity: '', input },
  cancel: { type: 'WorkflowExecutionCancelRequested', reason: '', identity: '' },
  answer: { type: 'ExternalWorkflowExecutionCancelRequested', command: 2, workflowId: 'w', runId: null, initiatedAt: 0 },
}

test('signals and requests come before updates and those before resolutions, each kind in the order in which it came', () => {
  const given = ['timer', 'update', 'signal', 'answer', 'cancel', 'update', 'signal', 'timer'].map((name) => {
    return asInput(events[name] ?? assert.fail(name))
  })
  const added: Input[] = []
  for (const each of given) addInOrder(added, each)
  const expected = [2, 4, 6, 1, 5, 0, 3, 7].map((place) => given[place])
  assert.ok(expected.every((each, place) => each === added[place] && each === inOrder(given)[place]))
  assert.equal(nextMessage(added), given[2])
  assert.equal(nextMessage(added.slice(5)), undefined)
})
