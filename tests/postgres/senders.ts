/** Every way of telling an execution something, but for what its own commit tells it: kinds of senders, each with all it needs. */
import { StoreBusyError } from '@perdure/engine'
import type { OutgoingMessage, ParentClosePolicy, PostOutcome, RunId, Serving, StartRecord, Store, Transition } from '@perdure/engine'
import type { Client } from 'pg'
import { completed, linked, payload, transition } from '../conformance/arena.ts'
import { type Stage, uniqueName } from './stage.ts'

/** Busy: turned away, or made to wait for too long; whoever sends then sends again. */
export type Sent = 'told' | 'closed' | 'busy'

export interface Scene {
  readonly stage: Stage
  /** Of a process of its own: its statements wait on connections of their own. */
  readonly senders: Store
  readonly worker: Serving
  /** Whom the sender tells: owned by the worker, alone on its queue, with a task that somebody may end. */
  readonly start: StartRecord
  /** Another, whose worker serves another queue. */
  readonly otherWorker: Serving
  readonly other: StartRecord
}

/** What the other execution is to the one that is told; as a child, it may outlive it. */
export type Relation = 'child' | 'parent'

export interface Sender {
  readonly name: string
  readonly other: Relation
  /** Of the one that is told, where the other is its parent. */
  readonly closePolicy?: ParentClosePolicy
  send(scene: Scene): Promise<Sent>
  /** The type of the message. */
  readonly message: string
  /** It meets the lock of the execution: turned away, or made to wait. */
  readonly meets: 'busy' | 'waits'
}

export async function sceneOf(
  stage: Stage, senders: Store, { other: relation = 'child', closePolicy = 'ABANDON' }: Partial<Sender> = {},
): Promise<Scene> {
  const { arena } = stage
  const [queue, otherQueue] = [uniqueName('q'), uniqueName('q')]
  const worker = await arena.worker({ taskQueues: [queue] })
  const otherWorker = await arena.worker({ taskQueues: [otherQueue] })
  const first = (parent: StartRecord) => linked({ parent: { runId: parent.runId, command: 3, closePolicy } })
  const told = (parent?: StartRecord) => arena.started(worker, { taskQueue: queue, ...(parent && { link: first(parent) }) })
  const others = (parent?: StartRecord) => arena.started(otherWorker, { taskQueue: otherQueue, ...(parent && { link: first(parent) }) })
  const parent = relation === 'parent' ? await others() : undefined
  const start = await told(parent)
  const other = parent ?? await others(start)
  await arena.transit(worker, start.runId, { tasks: [arena.task(start, 7)] })
  return { stage, senders, worker, start, otherWorker, other }
}

const ofProcesses: readonly Sender[] = [
  {
    name: 'a message of a client', other: 'child', message: 'WorkflowSignaled', meets: 'busy',
    send: async ({ senders, start: { namespace, workflowId, runId } }) => {
      const [outcome] = await senders.post([{ namespace, workflowId, runId, type: 'WorkflowSignaled', data: '"sent"' }])
      return toldBy[outcome?.type ?? 'not_found']
    },
  },
  {
    name: 'the end of a task', other: 'child', message: 'ActivityTaskCompleted', meets: 'waits',
    send: async ({ senders, start: { runId } }) => {
      const outcome = { type: 'post', eventType: 'ActivityTaskCompleted', data: '"ended"' } as const
      const ends = await orBusy(senders.endTasks([{ runId, command: 7, attempt: 1, outcome }]))
      if (ends === 'busy') return 'busy'
      return ends[0] === true ? 'told' : 'closed'
    },
  },
  {
    name: 'an update', other: 'child', message: 'WorkflowExecutionUpdateRequested', meets: 'busy',
    send: async ({ senders, start: { namespace, workflowId, runId } }) => {
      const message = { type: 'WorkflowExecutionUpdateRequested', data: '"asked"' }
      const [outcome] = await senders.requestUpdates([{ namespace, workflowId, runId, updateId: 'u', message }])
      if (outcome?.type === 'busy') return 'busy'
      return outcome?.type === 'requested' ? 'told' : 'closed'
    },
  },
  {
    name: 'a signal from SQL', other: 'child', message: 'WorkflowExecutionSignaled', meets: 'waits',
    send: async (scene) => {
      const client = await scene.stage.connect('caller')
      return signalFromSql(client, scene, scene.start.runId)
    },
  },
]

/** In the transaction that is open on the connection, or else in one of its own. */
export async function signalFromSql(client: Client, { start: { namespace, workflowId } }: Scene, runId: RunId | null): Promise<Sent> {
  try {
    await client.query(`select perdure.signal_workflow($1, 'told', run_id => $2, namespace => $3)`, [workflowId, runId, namespace])
    return 'told'
  } catch (error) {
    switch ((error as { readonly code?: string }).code) {
      case 'PD007': return 'closed'
      case '55P03': return 'busy'
      default: throw error
    }
  }
}

const asked: Omit<OutgoingMessage, 'to' | 'message'> = {
  type: 'message', command: 1, done: { type: 'Done', data: '{}' }, refused: { type: 'Refused', data: '{}' },
}

function request(scene: Scene, type: string): Promise<Sent> {
  const { namespace, workflowId, runId } = scene.start
  const to = { namespace, workflowId, runId, firstRunId: null }
  return committed(scene, { outgoing: [{ ...asked, to, message: { type, data: '{}' }, closedIsDone: type === cancelRequested }] })
}

/** The other execution's owner commits; of one that was locked, or whose request was busy, nothing was written. */
async function committed(scene: Scene, overrides: Partial<Transition>, starts: readonly StartRecord[] = []): Promise<Sent> {
  const { senders, otherWorker, other } = scene
  const runId = starts[0]?.runId ?? other.runId
  const outcome = await senders.commit({ incarnation: otherWorker.incarnation, starts, transitions: [transition(runId, overrides)] })
  if (outcome.type === 'fenced' || outcome.transitions[0] === 'locked' || outcome.outgoing?.get(runId)?.[0] === 'busy') return 'busy'
  return heard(scene)
}

/** What is done whether anybody hears it or not. */
async function heard({ senders, start: { namespace, workflowId, runId } }: Scene): Promise<Sent> {
  return (await senders.getExecution(namespace, workflowId, runId))?.status === 'RUNNING' ? 'told' : 'closed'
}

const cancelRequested = 'WorkflowExecutionCancelRequested'
const childClosed = 'ChildWorkflowExecutionClosed'

const ofExecutions: readonly Sender[] = [
  {
    name: 'a signal of another execution', other: 'child', message: 'WorkflowExecutionSignaled', meets: 'busy',
    send: (scene) => request(scene, 'WorkflowExecutionSignaled'),
  },
  {
    name: 'a cancel request of another execution', other: 'child', message: cancelRequested, meets: 'busy',
    send: (scene) => request(scene, cancelRequested),
  },
  {
    name: 'the close of a child', other: 'child', message: childClosed, meets: 'busy',
    send: (scene) => committed(scene, { close: completed }),
  },
  {
    name: 'the close of a child that has only begun', other: 'child', message: childClosed, meets: 'busy',
    send: (scene) => {
      const { stage: { arena }, start, other } = scene
      const link = linked({ parent: { runId: start.runId, command: 4, closePolicy: 'ABANDON' } })
      const begun = arena.start({ owned: true, link, taskQueue: other.taskQueue })
      return committed(scene, { close: completed }, [begun])
    },
  },
  {
    name: 'the end of a child that is terminated', other: 'child', message: childClosed, meets: 'busy',
    send: (scene) => terminated(scene),
  },
  {
    name: 'the end of a child in whose place another starts', other: 'child', message: childClosed, meets: 'busy',
    send: async (scene) => {
      const { senders, stage: { arena }, other: { workflowId, taskQueue } } = scene
      const start = arena.start({ workflowId, taskQueue, conflictPolicy: 'TERMINATE_EXISTING' })
      const outcome = await senders.commit({ incarnation: null, starts: [start], transitions: [] })
      return outcome.type === 'committed' && outcome.starts[0]?.type === 'started' ? heard(scene) : 'busy'
    },
  },
  {
    name: 'the close of a parent that wants it cancelled', other: 'parent', closePolicy: 'REQUEST_CANCEL', message: cancelRequested,
    meets: 'busy', send: (scene) => committed(scene, { close: { ...completed, hasChildren: true } }),
  },
  {
    name: 'the end of a parent that is terminated and wants it cancelled', other: 'parent', closePolicy: 'REQUEST_CANCEL',
    message: cancelRequested, meets: 'busy', send: (scene) => terminated(scene),
  },
  {
    name: 'the close of a parent that would terminate it, were it not shared', other: 'parent', closePolicy: 'TERMINATE',
    message: 'WorkflowExecutionTerminateRequested', meets: 'busy',
    send: (scene) => shared(scene, () => committed(scene, { close: { ...completed, hasChildren: true } })),
  },
]

async function terminated(scene: Scene): Promise<Sent> {
  const { namespace, workflowId, runId } = scene.other
  const ended = await orBusy(scene.senders.terminate({ namespace, workflowId, runId, failure: payload('gone'), at: 5_000 }))
  return ended === 'busy' ? 'busy' : heard(scene)
}

/** Beside somebody who sends something else, and then does not. */
async function shared<T>({ stage, start: { runId } }: Scene, send: () => Promise<T>): Promise<T> {
  const sharer = await stage.connect('sharer')
  await sharer.query('begin')
  await sharer.query('select from perdure.executions where run_id = $1 for key share skip locked', [runId])
  try {
    return await send()
  } finally {
    await sharer.query('rollback')
  }
}

export const senderKinds: readonly Sender[] = [...ofProcesses, ...ofExecutions]

const toldBy = { posted: 'told', busy: 'busy', closed: 'closed', not_found: 'closed' } as const satisfies Record<PostOutcome['type'], Sent>

/** A lock is waited for so long and no longer. */
export async function orBusy<T>(outcome: Promise<T>): Promise<T | 'busy'> {
  try {
    return await outcome
  } catch (error) {
    if (error instanceof StoreBusyError) return 'busy'
    throw error
  }
}
