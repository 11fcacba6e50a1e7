/** What is recorded of this version: how each execution comes to stand where the database has it, and how it is brought to its end. */
import { proxyActivities } from 'perdure/workflow'
import type { Engine } from 'perdure'
import type { HistoryActivities } from './activities.ts'
import * as workflows from './workflows.ts'

/** An execution that the database has open. */
export interface OpenExecution {
  readonly workflowId: string
  readonly namespace?: string
  readonly signals?: readonly (readonly [name: string, ...args: readonly unknown[]])[]
  /** Its activity that was left to somebody outside: its id, and what it returns. */
  readonly completes?: readonly [activityId: string, result: unknown]
  /** Of what does not depend on the run id. Undefined: it ends CANCELLED. */
  readonly result: unknown
}

export const tenant = 'tenant'
const { refuse } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 minute' })

/** Code that a later deploy put in the place of what an execution was made with. */
export const changedLater = { changed: async () => refuse() }
export const unknownBefore = ['newcomer']

export const open: readonly OpenExecution[] = [
  { workflowId: 'counting', signals: [['add', 4]], result: { total: 20, heard: ['early', 'too'] } },
  { workflowId: 'counting-kept', signals: [['add', 50], ['go', 'second']], result: { total: 100, heard: ['first', 'second'] } },
  { workflowId: 'sleeping', result: 'woken, false' },
  { workflowId: 'delayed', result: 'attempt 1' },
  { workflowId: 'retrying', result: 'attempt after the first' },
  { workflowId: 'endlessly', result: ['one ended', 'two ended'] },
  { workflowId: 'heartbeats', result: { done: 'half' } },
  { workflowId: 'outside', completes: ['1', { by: 'hand' }], result: { by: 'hand' } },
  { workflowId: 'changed', result: [20, 40] },
  { workflowId: 'newcomer', result: ['kept', 4] },
  { workflowId: 'cancelling', result: undefined },
  {
    workflowId: 'counting', namespace: tenant, signals: [['add', 10], ['go'], ['go', 'b']],
    result: { total: 20, heard: ['nothing', 'b'] },
  },
]

/** By the worker whose code made the histories. */
export async function first({ workflows: client }: Engine, other: Engine): Promise<void> {
  const start = { memo: { customer: 'ann', lines: [1, 2] }, searchAttributes: { n: [1] }, priority: 1 }
  await client.execute(workflows.chain, { workflowId: 'chain', args: [7, 'ä "quoted" \n line'], ...start })
  await client.execute(workflows.chain, { workflowId: 'chain', args: [8] })
  await other.workflows.execute(workflows.chain, { workflowId: 'chain', args: [9, tenant] })
  await client.execute(workflows.failing, { workflowId: 'failing' }).catch(() => undefined)
  const cancelled = await client.start(workflows.cancellable, { workflowId: 'cancelled', args: [false] })
  await cancelled.cancel()
  await cancelled.result().catch(() => undefined)
  const terminated = await client.start(workflows.sleeping, { workflowId: 'terminated' })
  await terminated.terminate('not needed')
  const counting = await client.start(workflows.counting, { workflowId: 'counting', args: [20] })
  for (const value of [1, 2, 3]) await counting.signal(workflows.add, value)
  for (const text of ['early', 'too']) await counting.signal(workflows.go, text)
  const kept = await client.start(workflows.counting, { workflowId: 'counting-kept', args: [100] })
  await kept.signal(workflows.go, 'first')
  await other.workflows.start(workflows.counting, { workflowId: 'counting', args: [20] })
  await client.start(workflows.changed, { workflowId: 'changed' })
}

/** By a process without workers. */
export async function producer({ workflows: client }: Engine): Promise<void> {
  await client.start('newcomer', { workflowId: 'newcomer' })
  await client.signal('newcomer', workflows.go, 'kept')
}

/** What holds when everything stands where it is to be recorded. */
export async function isReady({ workflows: client }: Engine): Promise<boolean> {
  const eventsOf = async (id: string, type: string): Promise<number> => (
    (await client.history(id)).filter(({ eventType }) => eventType === type).length)
  const describe = (id: string) => client.getHandle(id).describe()
  const attempts = async (id: string): Promise<readonly number[]> => (await describe(id)).pendingActivities.map(({ attempt }) => attempt)
  return await eventsOf('counting', 'ActivityTaskCompleted') === 3
    && (await describe('changed')).held?.code === 'nondeterminism'
    && (await describe('newcomer')).held?.code === 'unknown_workflow_type'
    && (await attempts('retrying')).includes(2)
    && (await attempts('heartbeats')).length === 1 && (await attempts('outside')).length === 1
    && (await describe('cancelling')).status === 'RUNNING' && await eventsOf('cancelling', 'WorkflowExecutionCancelRequested') === 1
}

/** By its successor, which goes on with what the first one left and dies in the middle of it. */
export async function second({ workflows: client }: Engine): Promise<void> {
  await client.start(workflows.sleeping, { workflowId: 'sleeping' })
  await client.start(workflows.retrying, { workflowId: 'delayed', startDelay: '20 seconds' })
  await client.start(workflows.retrying, { workflowId: 'retrying' })
  await client.start(workflows.endlessly, { workflowId: 'endlessly' })
  await client.start(workflows.heartbeats, { workflowId: 'heartbeats' })
  await client.start(workflows.outside, { workflowId: 'outside' })
  const cancelling = await client.start(workflows.cancellable, { workflowId: 'cancelling', args: [true] })
  // Else its activity would never begin.
  while ((await cancelling.describe()).pendingActivities.length === 0) await new Promise<void>((resolve) => void setTimeout(resolve, 20))
  await cancelling.cancel()
  await client.signal('changed', workflows.go)
}
