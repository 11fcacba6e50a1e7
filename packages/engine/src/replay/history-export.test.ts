import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, DeterminismViolationError, setHandler, sleep, TerminatedFailure } from '@perdure/workflow'
import { encodeEvent } from '../protocol/event-codec.ts'
import type { WorkflowExecutionSignaled } from '../protocol/event.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import { record, startedAt } from '../../test/execution-driver.ts'
import { exportHistory } from './history-export.ts'
import { runReplayHistory } from './replay-history.ts'

const nap = defineSignal('nap')

async function naps(): Promise<void> {
  setHandler(nap, () => sleep(1))
  await condition(() => false)
}

test('a timer is exported with what it was asked for, also where a message of a moment later is part of the activation', async () => {
  const signal: WorkflowExecutionSignaled = { type: 'WorkflowExecutionSignaled', signalName: 'nap', identity: 'i', input: '[]' as Payload }
  const signals = [{ event: signal, afterMs: 1 }, { event: { ...signal, joined: true as const }, afterMs: 9 }]
  const events = signals.map(({ event, afterMs }, index) => (
    { seq: index + 1, type: event.type, at: startedAt + afterMs, data: encodeEvent(event) }))
  const { events: exported } = await exportHistory({ record, fn: naps, wallClock: () => startedAt }, events)
  const timers = exported.filter(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED')
  assert.deepEqual(timers.map((event) => event['timerStartedEventAttributes'] as object).map((attributes) => ({ ...attributes })), [
    { timerId: '1', startToFireTimeout: '0.001s', workflowTaskCompletedEventId: '9' },
    { timerId: '2', startToFireTimeout: '0.001s', workflowTaskCompletedEventId: '9' },
  ])
})

test('a run that was ended before its code ever came to rest is exported without any of what the code would do', async () => {
  const failure = encodeFailure(new TerminatedFailure('enough'))
  const ended = { ...record, firstTaskAt: null, status: 'TERMINATED' as const, failure, closedAt: startedAt + 9 }
  const fn = async (): Promise<void> => { throw new DeterminismViolationError('broken') }
  const exported = await exportHistory({ record: ended, fn, wallClock: () => startedAt }, [])
  assert.deepEqual(exported.events.map(({ eventType }) => eventType), [
    'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', 'EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED',
  ])
  await runReplayHistory({ workflows: { [record.workflowType]: fn } }, exported)
})
