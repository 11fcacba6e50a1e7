/** Our histories under Temporal's `Worker.runReplayHistory`, and Temporal's under ours. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NondeterminismError, runReplayHistory, type TemporalHistory } from 'perdure/testing'
import { officialReplay } from './official-replay.ts'
import { lengthyOf, recordedRun, type Run, untilEvent } from './recorded-run.ts'
import * as workflows from './workflows.ts'

async function relatedRuns(): Promise<readonly Run[]> {
  return Promise.all([
    recordedRun('family', [], async (handle) => handle.result()),
    recordedRun('talkative', [], async (handle) => {
      assert.equal(await handle.executeUpdate(workflows.add, { args: [5] }), 5)
      await assert.rejects(handle.executeUpdate(workflows.add, { args: [-1] }))
      await assert.rejects(handle.executeUpdate(workflows.add, { args: [7] }))
      await Promise.all([12, 13].map((by) => handle.executeUpdate(workflows.add, { args: [by] })))
      await handle.result()
    }),
    recordedRun('changed', [], async (handle) => handle.result()),
    recordedRun('onward', [1], async (handle) => handle.result(), true),
  ])
}

const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url))

async function runs(): Promise<readonly Run[]> {
  return Promise.all([
    recordedRun('order', ['order-7'], async (handle) => { await handle.signal(workflows.approve, 'ada'); await handle.result() }),
    recordedRun('failing', ['order-8'], async (handle) => assert.rejects(handle.result())),
    recordedRun('cancelled', ['order-9'], async (handle) => {
      await handle.signal(workflows.approve, 'nobody')
      await untilEvent(handle, 'WorkflowExecutionSignaled')
      await handle.cancel('changed my mind')
      await assert.rejects(handle.result())
    }),
    recordedRun('waiting', [], async (handle) => {
      for (const who of ['ada', 'bob', 'eve']) await handle.signal(workflows.approve, who)
      await untilEvent(handle, 'TimerFired', 3)
    }),
  ])
}

const cancelled = ['ActivityFailure', 'CancelledFailure']
const relatedTypes = [
  'START_CHILD_WORKFLOW_EXECUTION_INITIATED', 'CHILD_WORKFLOW_EXECUTION_STARTED', 'CHILD_WORKFLOW_EXECUTION_COMPLETED',
  'CHILD_WORKFLOW_EXECUTION_FAILED', 'CHILD_WORKFLOW_EXECUTION_CANCELED', 'START_CHILD_WORKFLOW_EXECUTION_FAILED',
  'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', 'EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED',
  'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', 'EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'MARKER_RECORDED',
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED', 'WORKFLOW_PROPERTIES_MODIFIED',
  'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
]

interface Failure {
  readonly cause?: Failure
}

interface Marker {
  failure?: Failure
}

describe('a history of ours', () => {
  test('replays under the SDK of Temporal, whatever became of the execution', async () => {
    const recorded = await runs()
    const ends = recorded.map(({ history }) => history.events.at(-1)?.eventType)
    assert.deepEqual(ends, [
      'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED', 'EVENT_TYPE_WORKFLOW_EXECUTION_FAILED', 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED',
      'EVENT_TYPE_TIMER_STARTED',
    ])
    const results = await officialReplay(workflowsPath, recorded)
    assert.deepEqual(results, recorded.map(({ workflowId }) => ({ workflowId, error: undefined })))
  })

  test('replays under the SDK of Temporal with children, signals to others, updates, patches and a next run', async () => {
    const recorded = await relatedRuns()
    const types = new Set(recorded.flatMap(({ history }) => history.events.map(({ eventType }) => eventType.slice('EVENT_TYPE_'.length))))
    for (const type of relatedTypes) assert.ok(types.has(type), `${type} is not among ${[...types].join(', ')}`)
    const results = await officialReplay(workflowsPath, recorded)
    assert.deepEqual(results, recorded.map(({ workflowId }) => ({ workflowId, error: undefined })))
    for (const { workflowId, history } of recorded) await runReplayHistory({ workflows }, history, workflowId)
  })

  test('replays under the SDK of Temporal and under ours with local activities, whatever became of them', async () => {
    const recorded = await Promise.all([
      recordedRun('locally', ['order-7'], async (handle) => {
        assert.deepEqual(await handle.result(), [
          'order-7: 1', 'order-7: 2', 'order-7: 4', 'at last', 'ApplicationFailure', ['ActivityFailure', 'TimeoutFailure'],
          'CancelledFailure', cancelled, cancelled, cancelled, 'CancelledFailure', 'order-7: 5',
        ])
      }),
      recordedRun('interrupted', ['order-8'], async (handle) => {
        await handle.signal(workflows.approve, 'ada')
        await untilEvent(handle, 'ActivityTaskCompleted')
        lengthyOf('order-8').resolve()
        assert.equal(await handle.result(), 'ada: 1')
      }),
      recordedRun('leaving', ['order-6'], async (handle) => handle.result()),
      recordedRun('locallyWaiting', ['order-9'], async (handle) => untilEvent(handle, 'ActivityTaskCompleted')),
    ])
    const markersOf = ({ history: { events } }: Run) => events.filter(({ eventType }) => eventType === 'EVENT_TYPE_MARKER_RECORDED')
    assert.deepEqual(recorded.map((run) => markersOf(run).length), [12, 2, 0, 1])
    const summaries = recorded[0]?.history.events.flatMap(({ eventType, userMetadata }) => {
      const { summary } = (userMetadata ?? {}) as { readonly summary?: { readonly data: string } }
      return summary === undefined ? [] : [`${eventType.slice('EVENT_TYPE_'.length)} ${Buffer.from(summary.data, 'base64').toString()}`]
    })
    assert.deepEqual([...new Set(summaries)], ['MARKER_RECORDED "nearby"', 'TIMER_STARTED "a moment"'])
    for (const { workflowId, history } of recorded) await runReplayHistory({ workflows }, history, workflowId)
    const results = await officialReplay(workflowsPath, recorded)
    assert.deepEqual(results, recorded.map(({ workflowId }) => ({ workflowId, error: undefined })))
  })

  test('has the timeout of a local activity wrapped, as the code saw it: bare, as that SDK writes it, its replay goes astray', async () => {
    const run = await recordedRun('hurried', ['order-5'], async (handle) => handle.result())
    const bare = JSON.parse(JSON.stringify(run.history)) as TemporalHistory
    const markers = bare.events.map(({ markerRecordedEventAttributes: marker }) => marker as Marker | undefined)
    for (const marker of markers) if (marker?.failure?.cause !== undefined) marker.failure = marker.failure.cause
    assert.notDeepEqual(bare, run.history)
    const [wrapped, unwrapped] = await officialReplay(workflowsPath, [run, { workflowId: 'bare', history: bare }])
    assert.equal(wrapped?.error, undefined)
    assert.match(unwrapped?.error ?? '', /TimerStarted/)
    for (const history of [run.history, bare]) await runReplayHistory({ workflows }, history)
  })

  test('is refused by the SDK of Temporal when the code does something else', async () => {
    const { history } = await recordedRun('failing', ['order-8'], async (handle) => assert.rejects(handle.result()))
    const changed = JSON.parse(JSON.stringify(history).replaceAll('"name":"refund"', '"name":"charge"')) as TemporalHistory
    const [result] = await officialReplay(workflowsPath, [{ workflowId: 'failing', history: changed }])
    assert.match(result?.error ?? '', /Activity type of scheduled event 'charge' does not match activity type of activity command 'refund'/)
  })

  test('replays under our own, from the text of the file too', async () => {
    for (const { workflowId, history } of await runs()) {
      await runReplayHistory({ workflows }, history, workflowId)
      await runReplayHistory({ workflows }, JSON.stringify(history, null, 2))
    }
  })

  test('is refused by our own when the code does something else: event, expected, got, place', async () => {
    const { history } = await recordedRun('order', ['order-7'], async (handle) => {
      await handle.signal(workflows.approve, 'ada')
      await handle.result()
    })
    const error = await runReplayHistory({ workflows: { order: workflows.failing } }, history).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof NondeterminismError)
    const { seq, expected, got, location } = error.mismatch
    assert.deepEqual([seq, expected, got], [5, 'TimerStarted: timer 1', "activity 'broken' with id 1"])
    assert.match(location ?? '', /failing.*workflows\.ts:\d+/)
  })
})
