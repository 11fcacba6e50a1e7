/**
 * What the compiler takes and what it refuses in calls of the client, of handles and of the testing kit: `npm run types` fails
 * when a line that is right is refused, or one that is wrong is taken. Nothing of it is run.
 */
import { WithStartWorkflowOperation, type Engine, type WorkflowHandle } from 'perdure'
import { simulate, TestEnvironment } from 'perdure/testing'
import { defineQuery, defineSignal, defineUpdate, executeChild, getExternalWorkflowHandle, startChild } from 'perdure/workflow'

declare function cleanUp(): Promise<number>
declare function remind(to?: string): Promise<void>
declare function order(id: string, amount: number): Promise<Date>
const approve = defineSignal<[by: string]>('approve')
const close = defineSignal('close')
const sum = defineQuery<number, [since: string]>('sum')
const add = defineUpdate<number, [item: string]>('add')
const flush = defineUpdate<boolean>('flush')
const policy = { workflowIdConflictPolicy: 'USE_EXISTING' } as const

export async function starts({ workflows }: Engine): Promise<void> {
  await workflows.startMany(cleanUp, [{ workflowId: 'a' }, {}])
  await workflows.startMany(remind, [{ workflowId: 'a' }, { args: ['ada'] }])
  await workflows.schedule(cleanUp, { delay: '1 day' })
  await workflows.schedule(remind, { delay: '1 day', args: ['ada'] })
  await workflows.start(remind, { args: ['ada'] })
  await workflows.start(remind)
  const when: Date = await workflows.execute(order, { args: ['7', 5] as const })
  // @ts-expect-error each start needs the arguments
  await workflows.startMany(order, [{ workflowId: `7 ${String(when)}` }])
  // @ts-expect-error the amount is a number
  await workflows.startMany(order, [{ args: ['7', '5'] }])
  // @ts-expect-error it needs its arguments
  await workflows.schedule(order, { delay: '1 day' })
  // @ts-expect-error a name, or nobody's
  await workflows.start(remind, { args: [7] })
  // @ts-expect-error it takes none
  await workflows.start(cleanUp, { args: ['x'] })
}

export async function withMessages({ workflows }: Engine): Promise<void> {
  await workflows.signalWithStart(cleanUp, { signal: approve, signalArgs: ['ada'] })
  await workflows.signalWithStart(cleanUp, { signal: close })
  await workflows.signalWithStart('cleanUp', { signal: 'approve', signalArgs: ['ada'], args: [1] })
  await workflows.signalWithStart(order, { args: ['7', 5], signal: 'approve' })
  // @ts-expect-error the signal carries a text
  await workflows.signalWithStart(cleanUp, { signal: approve })
  // @ts-expect-error the signal carries a text
  await workflows.signalWithStart(cleanUp, { signal: approve, signalArgs: [7] })
  // @ts-expect-error the workflow needs its arguments
  await workflows.signalWithStart(order, { signal: close })
  // @ts-expect-error an update is no signal
  await workflows.signalWithStart(cleanUp, { signal: add, signalArgs: ['x'] })
  const operation = new WithStartWorkflowOperation(order, { args: ['7', 5], ...policy })
  const total: number = await workflows.executeUpdateWithStart(add, { args: ['pen'], startWorkflowOperation: operation })
  await workflows.executeUpdateWithStart(flush, { startWorkflowOperation: operation })
  await workflows.executeUpdateWithStart('add', { args: [total], startWorkflowOperation: operation })
  const when: Date = await (await operation.workflowHandle()).result()
  // @ts-expect-error the update carries a text
  await workflows.executeUpdateWithStart(add, { startWorkflowOperation: operation })
  // @ts-expect-error the update carries a text
  await workflows.startUpdateWithStart(add, { startWorkflowOperation: operation, waitForStage: 'ACCEPTED' })
  // @ts-expect-error how far is to be waited
  await workflows.startUpdateWithStart(flush, { startWorkflowOperation: operation, timeout: when.getTime() })
  // @ts-expect-error a policy is needed
  void new WithStartWorkflowOperation(order, { args: ['7', 5] })
  // @ts-expect-error the workflow needs its arguments
  void new WithStartWorkflowOperation(order, policy)
}

export async function handles(handle: WorkflowHandle<typeof order>): Promise<void> {
  await handle.signal(approve, 'ada')
  await handle.signal(close)
  await handle.signal('approve', 'ada', 7)
  const total: number = await handle.query(sum, '2026')
  await handle.executeUpdate(add, { args: [String(total)] })
  const flushed: boolean = await handle.executeUpdate(flush)
  // @ts-expect-error the signal carries a text
  await handle.signal(approve)
  // @ts-expect-error the signal carries nothing
  await handle.signal(close, flushed)
  // @ts-expect-error since when
  await handle.query(sum)
  // @ts-expect-error the update carries a text
  await handle.executeUpdate(add)
  // @ts-expect-error the update carries a text
  await handle.executeUpdate(add, { args: [7] })
}

export async function family(): Promise<void> {
  const child = await startChild(order, { args: ['7', 5] })
  await child.signal(approve, 'ada')
  const when: Date = await child.result()
  const count: number = await executeChild(cleanUp)
  await executeChild(remind, { workflowId: 'r' })
  await getExternalWorkflowHandle(`order-${count}-${when.getTime()}`).signal(close)
  // @ts-expect-error the signal carries a text
  await child.signal(approve)
  // @ts-expect-error it needs its arguments
  await startChild(order)
  // @ts-expect-error it needs its arguments
  await executeChild(order, { workflowId: 'x' })
  // @ts-expect-error the amount is a number
  await executeChild(order, { args: ['7', '5'] })
  // @ts-expect-error the signal carries a text
  await getExternalWorkflowHandle('x').signal(approve, 7)
}

const activities = { charge: async (amount: number): Promise<string> => `paid ${amount}`, limit: 5 }

export async function testing(): Promise<void> {
  const env = await TestEnvironment.create({ workflows: { order }, activities })
  env.activities.mock({ charge: async (amount) => amount.toFixed(2) })
  env.activities.mock({ charge: () => 'at once' })
  env.activities.calls('charge')
  // @ts-expect-error no such activity
  env.activities.mock({ chrage: async () => 'x' })
  // @ts-expect-error it answers with a text
  env.activities.mock({ charge: async () => 5 })
  // @ts-expect-error the amount is a number
  env.activities.mock({ charge: async (amount: string) => amount })
  // @ts-expect-error no function
  env.activities.mock({ limit: 6 })
  // @ts-expect-error no such activity
  env.activities.calls('chrage')
  await simulate(cleanUp, { invariants: { 'it counts': ({ outcome }) => outcome.result === 5 } })
  await simulate(order, { args: ['7', 5], world: () => 3, invariants: { 'the world is there': ({ world }) => world.toFixed() === '3' } })
  await simulate(remind, { args: ['ada'] })
  await simulate(remind, {})
  // @ts-expect-error it needs its arguments
  await simulate(order, {})
  // @ts-expect-error invariants have names
  await simulate(cleanUp, { invariants: () => true })
  // @ts-expect-error it returns a number
  await simulate(cleanUp, { invariants: { 'it counts': ({ outcome }) => outcome.result === 'five' } })
}
