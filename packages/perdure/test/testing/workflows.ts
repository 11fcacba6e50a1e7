/** Workflows of the tests of the testing kit. */
import { ApplicationFailure, condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import type * as activities from './activities.ts'

const { charge, sendMail } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })
const briefly = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds', retry: { maximumAttempts: 3 } })

export const approve = defineSignal<[by: string]>('approve')
export const phase = defineQuery<string>('phase')

export async function order(amount: number): Promise<string> {
  return charge(amount)
}

/** Sends a mail after thirty days. */
export async function reminder(to: string): Promise<number> {
  const startedAt = Date.now()
  let now = 'waiting'
  setHandler(phase, () => now)
  await sleep('30 days')
  await sendMail(to)
  now = 'sent'
  return Date.now() - startedAt
}

/** Who approved within three days, or 'nobody'. */
export async function approval(): Promise<string> {
  let by: string | undefined
  setHandler(approve, (name) => { by = name })
  await condition(() => by !== undefined, '3 days')
  return by ?? 'nobody'
}

export async function briefOrder(amount: number): Promise<string> {
  return briefly.charge(amount)
}

/** An activity that must be done within an hour, retries included. */
export async function withinAnHour(): Promise<string> {
  const { charge: chargeWithin } = proxyActivities<typeof activities>({ scheduleToCloseTimeout: '1 hour' })
  return chargeWithin(1)
}

/** Two timers and the order of what they lead to. */
export async function race(): Promise<string[]> {
  const order: string[] = []
  const after = async (name: string, duration: '1 hour' | '1 day' | '1 week'): Promise<void> => {
    await sleep(duration)
    order.push(name)
  }
  await Promise.all([after('week', '1 week'), after('hour', '1 hour'), after('day', '1 day')])
  return order
}

const seen: string[] = []

/** What it must not: it looks at what other executions left behind. */
export async function remembering(name: string): Promise<void> {
  if (seen.push(name) % 2 === 1) await sleep('1 second')
  else await sendMail(name)
}

let counted = 0

/** It ends with what was there before. */
export async function counting(): Promise<number> {
  await sleep('1 second')
  return ++counted
}

export async function failing(): Promise<void> {
  throw ApplicationFailure.nonRetryable('as it was told', 'Told')
}

export async function forgetful(): Promise<void> {
  const { sendMial } = proxyActivities<{ sendMial(): Promise<void> }>({ startToCloseTimeout: '1 second' })
  await sendMial()
}

/** Awaits what no engine knows of, and goes on with what one knows. */
export async function stray(): Promise<void> {
  await crypto.subtle.digest('SHA-256', new Uint8Array(1))
  await sleep('1 day')
}

export async function waitingForEver(): Promise<void> {
  await condition(() => false)
}

/** Who approved, whenever that is. */
export async function waiting(): Promise<string | undefined> {
  let by: string | undefined
  setHandler(approve, (name) => { by = name })
  await condition(() => by !== undefined)
  return by
}

export async function nap(ms: number): Promise<void> {
  await sleep(ms)
}

export async function patientOrder(amount: number): Promise<string> {
  const { charge: chargePatiently } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 week' })
  return chargePatiently(amount)
}

export async function elsewhere(): Promise<string> {
  const { charge: chargeThere } = proxyActivities<typeof activities>({ taskQueue: 'payments', startToCloseTimeout: '1 second' })
  return chargeThere(1)
}

export async function beating(): Promise<string> {
  const { charge: chargeLong } = proxyActivities<typeof activities>({
    startToCloseTimeout: '1 day', heartbeatTimeout: '30 seconds', cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumAttempts: 1 },
  })
  return chargeLong(1)
}
