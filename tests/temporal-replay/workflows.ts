/** Workflows of both SDKs: they import nothing but `perdure/workflow`, in whose place Temporal's bundle puts its own. */
import {
  ActivityFailure, allHandlersFinished, ApplicationFailure, CancellationScope, condition, continueAsNew, defineSignal, defineUpdate,
  deprecatePatch, executeChild, getExternalWorkflowHandle, isCancellation, patched, proxyActivities, proxyLocalActivities, setHandler,
  sleep, startChild, upsertMemo, workflowInfo,
} from 'perdure/workflow'

interface Activities {
  charge(order: string, cents: number): Promise<{ receipt: string }>
  refund(order: string): Promise<void>
  broken(order: string): Promise<never>
  slow(order: string): Promise<void>
  /** Ends when somebody lets it. */
  lengthy(order: string): Promise<void>
}

const { charge, refund, broken } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const { slow } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED', heartbeatTimeout: '10 seconds',
})

export const approve = defineSignal<[string]>('approve')

export async function order(id: string): Promise<string> {
  let approvedBy = ''
  setHandler(approve, (who) => { approvedBy = who })
  if (!(await condition(() => approvedBy !== '', '1 day'))) return 'expired'
  await sleep(5)
  const [{ receipt }] = await Promise.all([charge(id, 1_250), sleep('3 ms')])
  return `${receipt} approved by ${approvedBy}`
}

export async function failing(id: string): Promise<void> {
  try {
    await broken(id)
  } catch {
    await CancellationScope.nonCancellable(() => refund(id))
    throw ApplicationFailure.nonRetryable('the order was refunded', 'Refunded', { id })
  }
}

/** Cleans up under cancellation; what it calls in its cancelled scope issues no command, but has a number on Temporal. */
export async function cancelled(id: string): Promise<void> {
  setHandler(approve, () => undefined)
  try {
    await Promise.all([slow(id), sleep('1 hour'), condition(() => false)])
  } catch (error) {
    if (!isCancellation(error)) throw error
    await sleep(1).catch(() => undefined)
    await refund(id).catch(() => undefined)
    await CancellationScope.nonCancellable(async () => { await refund(id); await sleep(2) })
    throw error
  }
}

export async function waiting(): Promise<string> {
  const heard: string[] = []
  setHandler(approve, async (who) => { await sleep(1); heard.push(who) })
  await condition(() => true, '1 minute')
  await condition(() => heard.length === 3)
  await sleep('30 days')
  return heard.join()
}

export async function child(how: string): Promise<string> {
  let approvedBy = ''
  setHandler(approve, (who) => { approvedBy = who })
  if (how === 'fails') throw ApplicationFailure.nonRetryable('the child fails')
  if (how === 'returns') return 'at once'
  await condition(() => approvedBy !== '')
  return approvedBy
}

/** Children that are told something, that fail, that are cancelled, and one whose id is taken; executions that are not there. */
export async function family(): Promise<readonly unknown[]> {
  const { workflowId } = workflowInfo()
  const heard: unknown[] = []
  const note = (error: unknown): void => void heard.push(error instanceof Error ? error.name : error)
  const told = await startChild(child, { workflowId: `${workflowId}-told`, args: ['waits'] })
  await startChild(child, { workflowId: `${workflowId}-told`, args: ['waits'] }).catch(note)
  await told.signal(approve, 'ada')
  heard.push(await told.result())
  await executeChild(child, { workflowId: `${workflowId}-fails`, args: ['fails'] }).catch(note)
  const quick = ['one', 'two'].map((name) => executeChild(child, { workflowId: `${workflowId}-${name}`, args: ['returns'] }))
  heard.push(...await Promise.all(quick))
  const scope = new CancellationScope()
  const cancelled = scope.run(() => executeChild(child, { workflowId: `${workflowId}-cancelled`, args: ['waits'] }))
  await sleep(20)
  scope.cancel()
  await cancelled.catch(note)
  await getExternalWorkflowHandle('nobody').signal(approve, 'ada').catch(note)
  return heard
}

export const add = defineUpdate<number, [number]>('add')

/** Updates that answer at once, that wait, that fail, and that are rejected. */
export async function talkative(): Promise<number> {
  let total = 0
  setHandler(add, async (by) => {
    if (by > 10) {
      await charge('an update', by)
      await sleep(1)
    }
    if (by === 7) throw ApplicationFailure.nonRetryable('seven is refused by the handler')
    total += by
    return total
  }, { validator: (by) => { if (by < 0) throw ApplicationFailure.nonRetryable('only more') } })
  await condition(() => total >= 30)
  await condition(allHandlersFinished)
  return total
}

/** Code that was changed while it ran: the new way, marked where it is taken. */
export async function changed(): Promise<string> {
  await sleep(1)
  const [, receipt] = await Promise.all([sleep(2), patched('charge first') ? charge('changed', 1) : undefined])
  if (patched('wait')) await sleep(1)
  deprecatePatch('long ago')
  upsertMemo({ receipt: receipt?.receipt ?? 'none' })
  await sleep(1)
  return receipt?.receipt ?? 'none'
}

export async function onward(round: number): Promise<number> {
  await sleep(1)
  if (round < 3) await continueAsNew<typeof onward>(round + 1)
  return round
}

/** It ends the lengthy activity of the same order. */
export const lastCharge = 4
const once = { startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } } as const
const local = proxyLocalActivities<Activities>({ ...once, summary: 'nearby' })
const patient = proxyLocalActivities<Activities>({ ...once, cancellationType: 'WAIT_CANCELLATION_COMPLETED' })
const hasty = proxyLocalActivities<Activities>({ ...once, startToCloseTimeout: '20 ms' })

/** Local activities that end in another order than they were called, that fail, time out, and are cancelled early and late. */
export async function locally(id: string): Promise<readonly unknown[]> {
  const heard: unknown[] = []
  const note = (error: unknown): void => {
    const { name, cause } = error as Error
    heard.push(cause instanceof Error ? [name, cause.name] : name)
  }
  const hear = (what: { receipt: string }): void => void heard.push(what.receipt)
  hear(await local.charge(id, 1))
  const slowly = patient.slow(id).catch(note)
  const lengthy = local.lengthy(id).then(() => heard.push('at last'))
  hear(await local.charge(id, 2))
  await Promise.all([sleep(5), local.charge(id, 3), charge(id, 3), local.charge(id, 3)])
  hear(await local.charge(id, lastCharge))
  await lengthy
  await local.broken(id).catch(note)
  await hasty.slow(id).catch(note)
  const scope = new CancellationScope()
  const cancelled = scope.run(async () => Promise.allSettled([
    local.slow(id).catch(note), patient.slow(id).catch(note), sleep('1 hour').catch(note),
  ]))
  await sleep(20, { summary: 'a moment' })
  scope.cancel()
  await cancelled
  const early = new CancellationScope()
  const never = early.run(() => local.slow(id)).catch(note)
  early.cancel()
  await never
  // In a scope that is cancelled already: no call at all, and yet it has a number.
  await early.run(() => local.charge(id, 6)).catch(note)
  hear(await local.charge(id, 5))
  await Promise.race([slowly, sleep(1)])
  return heard
}

/** What it does next says how the timeout of a local activity reached it. */
export async function hurried(id: string): Promise<string> {
  const error: unknown = await hasty.slow(id).catch((thrown: unknown) => thrown)
  if (error instanceof ActivityFailure) await sleep(1)
  return error instanceof ActivityFailure ? 'wrapped' : String(error)
}

/** A local activity that is under way when a signal comes. */
export async function interrupted(id: string): Promise<string> {
  let by = 'nobody'
  setHandler(approve, async (who) => {
    await sleep(1)
    by = (await local.charge(who, 1)).receipt
  })
  await Promise.all([local.lengthy(id), condition(() => by !== 'nobody')])
  return by
}

/** It ends in the activation in which it calls one. */
export async function leaving(id: string): Promise<string> {
  void local.slow(id).catch(() => undefined)
  return id
}

export async function locallyWaiting(id: string): Promise<void> {
  await local.charge(id, 1)
  await local.slow(id)
}

/** A signal calls an activity that a cancel request, which comes with it, takes back. */
export async function overtaken(id: string): Promise<string> {
  let slowly: Promise<string> | undefined
  setHandler(approve, () => { slowly = slow(id).then(() => 'done', (error: unknown) => isCancellation(error) ? 'taken back' : 'failed') })
  await condition(() => slowly !== undefined, '1 day').catch(() => undefined)
  const how = await slowly
  await CancellationScope.nonCancellable(() => sleep('5 seconds'))
  return how ?? 'never'
}

/** For a history in which that took exactly 62 seconds. */
export async function chargedLocally(id: string): Promise<string> {
  const before = Date.now()
  const { receipt } = await local.charge(id, 1)
  if (Date.now() - before === 62_000) await sleep('5 seconds')
  return receipt
}
