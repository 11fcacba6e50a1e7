/** Workflows of both SDKs: they import nothing but `perdure/workflow`, in whose place Temporal's bundle puts its own. */
import {
  ApplicationFailure, CancellationScope, condition, defineSignal, isCancellation, proxyActivities, setHandler, sleep,
} from 'perdure/workflow'

interface Activities {
  charge(order: string, cents: number): Promise<{ receipt: string }>
  refund(order: string): Promise<void>
  broken(order: string): Promise<never>
  slow(order: string): Promise<void>
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
