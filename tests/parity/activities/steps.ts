import { setTimeout as delay } from 'node:timers/promises'
import { ApplicationFailure, Context } from '@temporalio/activity'
import { uuid4 } from '@temporalio/workflow'
import { echoed } from '../echoed.ts'
import { kindOf } from '../kind.ts'

export async function echo(value: unknown): Promise<unknown> {
  echoed.push(value)
  return value
}

/** Fails its first `times` attempts. */
export async function failFirst(times: number): Promise<number> {
  const { attempt } = Context.current().info
  if (attempt <= times) throw ApplicationFailure.create({ message: `attempt ${attempt}`, type: 'Early' })
  return attempt
}

export async function fail(message: string, type: string, nonRetryable: boolean): Promise<void> {
  throw ApplicationFailure.create({ message, type, nonRetryable, details: [1, { two: 2 }] })
}

export async function throwPlain(message: string): Promise<void> {
  throw new TypeError(message, { cause: new RangeError('beneath') })
}

/** Ends when it is cancelled, and says so in its result. */
export async function untilCancelled(): Promise<string> {
  const { cancelled, heartbeat } = Context.current()
  const beat = setInterval(() => heartbeat(), 100)
  try {
    await cancelled
  } catch {
    return 'tidied up'
  } finally {
    clearInterval(beat)
  }
  return 'never'
}

/** Ends with the error of its cancellation. */
export async function cancellable(): Promise<void> {
  const { cancelled, heartbeat } = Context.current()
  const beat = setInterval(() => heartbeat(), 100)
  try {
    await cancelled
  } finally {
    clearInterval(beat)
  }
}

export async function hang(): Promise<void> {
  await new Promise(() => {})
}

/** Hangs in its first attempt. */
export async function hangFirst(): Promise<string> {
  if (Context.current().info.attempt === 1) await hang()
  return 'tried again'
}

/** Ends with the error of what its signal aborts. */
export async function aborts(): Promise<void> {
  const { cancellationSignal, heartbeat } = Context.current()
  const beat = setInterval(() => heartbeat(), 100)
  try {
    await delay(60_000, undefined, { signal: cancellationSignal })
  } finally {
    clearInterval(beat)
  }
}

/** Ends with the reason that its signal gives. */
export async function throwsReason(): Promise<void> {
  try {
    await aborts()
  } catch {
    Context.current().cancellationSignal.throwIfAborted()
  }
}

/** Default parameters: which of them apply, and how many arguments came. */
export async function defaulted(...args: [string?, unknown?, string?]): Promise<unknown> {
  const [first = 'first default', second = 'second default', third = 'third default'] = args
  return [first, second, third, args.length]
}

export async function kinds(...values: unknown[]): Promise<readonly string[]> {
  return values.map(kindOf)
}

/** Outside of workflows. */
export async function makesIds(): Promise<readonly string[]> {
  return [uuid4(), uuid4()]
}

/** Nobody has asked it to stop. */
export async function abortsItself(): Promise<void> {
  await delay(60_000, undefined, { signal: AbortSignal.abort() })
}

export async function failsWithDetails(...details: unknown[]): Promise<void> {
  throw ApplicationFailure.create({ message: 'with details', type: 'Detailed', details })
}

/** Says in its progress what it was given; the next attempt gives what it finds. */
export async function beatsFirst(details: unknown): Promise<string> {
  const { info, heartbeat } = Context.current()
  if (info.attempt > 1) return kindOf(info.heartbeatDetails)
  heartbeat(details)
  throw ApplicationFailure.create({ message: 'begin again' })
}

/** Fails in its first attempt, and scenarios see that it ran; hangs in others. */
export async function echoAndFail(text: string): Promise<void> {
  if (Context.current().info.attempt > 1) await hang()
  echoed.push(text)
  throw ApplicationFailure.create({ message: 'once' })
}
