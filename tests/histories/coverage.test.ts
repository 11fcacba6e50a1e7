/** The newest recorded databases against what the code knows: every type, status and state that there can be is in both. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { decodeEvent, decodeMessage } from '../../packages/engine/src/protocol/event-codec.ts'
import { isJoined } from '../../packages/engine/src/protocol/event.ts'
import type { EventType, HistoryEvent, Joined, signaledWithStart } from '../../packages/engine/src/protocol/event.ts'
import { executionStatuses, type HeldCode, type ParentClosePolicy } from '../../packages/engine/src/protocol/execution-record.ts'
import { decodeStartDetails, type RestartReason, type StartDetails } from '../../packages/engine/src/protocol/start-details.ts'
import { outsideWorker } from '../../packages/engine/src/protocol/ids.ts'
import type { UpdateStage } from '../../packages/engine/src/protocol/transition.ts'
import { type RecordedExecution, type Recording, versions } from './recording.ts'

type Home = 'sqlite' | 'postgres'

/** True: it is to be recorded. A text: why it cannot be. */
type Table<Name extends string> = Readonly<Record<Name, true | string>>

const eventTypes: Table<HistoryEvent['type']> = {
  WorkflowExecutionSignaled: true, WorkflowExecutionCancelRequested: true, WorkflowTaskStarted: true, TimerFired: true,
  ActivityTaskCompleted: true, ActivityTaskFailed: true, ActivityTaskTimedOut: true, ActivityTaskCanceled: true, PatchMarked: true,
  WorkflowExecutionUpdateAccepted: true, WorkflowExecutionUpdateCompleted: true, ChildWorkflowExecutionStarted: true,
  StartChildWorkflowExecutionFailed: true, ChildWorkflowExecutionClosed: true, ExternalWorkflowExecutionSignaled: true,
  SignalExternalWorkflowExecutionFailed: true, ExternalWorkflowExecutionCancelRequested: true,
  RequestCancelExternalWorkflowExecutionFailed: true,
}

const joinedTypes: Table<Joined['type']> = {
  WorkflowExecutionSignaled: true, WorkflowExecutionCancelRequested: true, WorkflowExecutionUpdateAccepted: true,
}

const madeByOwner = 'its owner makes it, and it stands in no inbox'
const messageTypes: Table<EventType | typeof signaledWithStart> = {
  ...eventTypes, WorkflowExecutionSignaledWithStart: true, WorkflowExecutionUpdateRequested: true,
  WorkflowExecutionTerminateRequested: true,
  WorkflowTaskStarted: madeByOwner, TimerFired: madeByOwner, PatchMarked: madeByOwner, WorkflowExecutionUpdateAccepted: madeByOwner,
  WorkflowExecutionUpdateCompleted: madeByOwner,
}
/** SQLite has one writer: no row of a child is ever locked by a sender, so the close of its parent ends it at once. */
const messageTypesOf: Readonly<Record<Home, Table<string>>> = {
  postgres: messageTypes, sqlite: { ...messageTypes, WorkflowExecutionTerminateRequested: 'no row is locked by a sender' },
}

const heldCodes: Table<HeldCode> = {
  nondeterminism: true, determinism_violation: true, unknown_workflow_type: true, crash_loop: true, task_failure: true,
  commit_rejected: true,
}
const closePolicies: Table<ParentClosePolicy> = { TERMINATE: true, ABANDON: true, REQUEST_CANCEL: true }
const updateStages: Table<UpdateStage> = { admitted: true, accepted: true, completed: true, rejected: true }

const noCron = 'starts with a cronSchedule are refused'
const restartReasons: Table<RestartReason> = { CONTINUE_AS_NEW: true, RETRY: true, CRON: noCron }
const startDetails: Table<keyof StartDetails> = {
  retry: true, executionTimeoutMs: true, runTimeoutMs: true, taskTimeoutMs: true, executionExpiresAt: true, attempt: true,
  firstStartedAt: true, continuedFrom: true, parent: true, root: true, headers: true, cronSchedule: noCron, staticSummary: true,
  staticDetails: true, lastResult: noCron, lastFailure: true, startedWith: true, restartReason: true,
}

/** As what a worker or a tick looks for. */
const taskStates: Readonly<Record<string, (task: RecordedExecution['tasks'][number], recordedAt: number) => boolean>> = {
  'waits for a worker': ({ worker, availableAt }, recordedAt) => worker === null && availableAt <= recordedAt,
  'waits for its next attempt': ({ worker, availableAt, attempt }, recordedAt) => (
    worker === null && attempt > 1 && availableAt > recordedAt),
  runs: ({ worker, lost }) => worker !== null && worker !== outsideWorker && !lost,
  'was left to somebody outside': ({ worker }) => worker === outsideWorker,
  'was lost with its worker': ({ lost }) => lost,
  'runs and is to stop': ({ worker, cancelRequested }) => worker !== null && cancelRequested,
}

const [newest] = versions.slice(-1)

for (const home of ['sqlite', 'postgres'] as const) describe(`the recorded database of version ${newest} on ${home}`, () => {
  const text = readFileSync(join(import.meta.dirname, newest ?? '', `${home}.json`), 'utf8')
  const { executions, recordedAt } = JSON.parse(text) as Recording
  const records = executions.map(({ record }) => record)
  const tasks = executions.flatMap((each) => each.tasks)
  const events = executions.flatMap((each) => each.events).map(({ type, data }) => decodeEvent(type, data))
  const unread = executions.flatMap((each) => each.unread)
  const updates = executions.flatMap((each) => each.updates)
  const details = records.filter((record) => record.details?.startsWith(':') !== true).map((record) => decodeStartDetails(record.details))

  test('has events of every type', () => holdsAll(eventTypes, events.map(({ type }) => type)))

  test('has messages of every type that were applied together with others', () => {
    holdsAll(joinedTypes, events.filter(isJoined).map(({ type }) => type))
  })

  test('has unread messages of every type that can stand in an inbox', () => {
    for (const { type, data } of unread) decodeMessage(type, data)
    holdsAll(messageTypesOf[home], unread.map(({ type }) => type))
  })

  test('has executions of every status', () => {
    holdsAll(Object.fromEntries(executionStatuses.map((status) => [status, true])), records.map(({ status }) => status))
  })

  test('has executions that are held for every reason', () => holdsAll(heldCodes, records.map(({ held }) => held?.code)))

  test('has children of every policy', () => holdsAll(closePolicies, records.map(({ parent }) => parent?.closePolicy)))

  test('has updates of every stage, completed with a result and with a failure', () => {
    holdsAll(updateStages, updates.map(({ stage }) => stage))
    const ends = updates.filter(({ stage }) => stage === 'completed')
    assert.ok(ends.some(({ failure }) => failure !== null) && ends.some(({ result }) => result !== null))
  })

  test('has each detail of a start, and each reason for a next run', () => {
    holdsAll(startDetails, details.flatMap((each) => Object.keys(each)))
    holdsAll(restartReasons, details.map(({ restartReason }) => restartReason))
  })

  test('has activities in every state', () => {
    const found = Object.keys(taskStates).filter((state) => tasks.some((task) => taskStates[state]?.(task, recordedAt)))
    holdsAll(Object.fromEntries(Object.keys(taskStates).map((state) => [state, true])), found)
  })

  test('has every column of executions and of activities filled somewhere', () => {
    assert.deepEqual([unfilled(records), unfilled(records.map(({ held }) => held)), unfilled(tasks)], [[], [], []])
  })

  test('has values as bytes, in lists and in memos, and such that went through a converter and codecs', () => {
    const encodings = [...text.matchAll(/(?<=\\n|[^\\]"):\{\\+"metadata\\+":\{\\+"encoding\\+":\\+"([\w/]+)/g)]
    const stored = new Set(encodings.map(([, encoding]) => encoding))
    assert.deepEqual(stored, new Set(['binary/encrypted', 'binary/plain', 'fields/payloads', 'list/payloads']))
  })
})

function holdsAll(table: Table<string>, found: readonly (string | undefined)[]): void {
  const wanted = Object.keys(table).filter((name) => table[name] === true)
  assert.deepEqual(wanted.filter((name) => !found.includes(name)), [], 'these are not recorded: add an execution that has them')
  const impossible = Object.keys(table).filter((name) => table[name] !== true && found.includes(name))
  assert.deepEqual(impossible, [], 'these are recorded, although the table says why they cannot be')
}

/** Names of members that are null in all rows; of those that are true or false, such as have one value only. */
function unfilled(rows: readonly (object | null)[]): string[] {
  const given = rows.filter((row) => row !== null).flatMap((row) => Object.entries(row)).filter(([, value]) => value !== null)
  const names = new Set(rows.flatMap((row) => Object.keys(row ?? {})))
  const valuesOf = (name: string): Set<unknown> => new Set(given.filter(([key]) => key === name).map(([, value]) => value as unknown))
  return [...names].filter((name) => {
    const values = valuesOf(name)
    return values.size === 0 || (values.size === 1 && [true, false].some((value) => values.has(value)))
  })
}
