import { ApplicationFailure, Context } from '@temporalio/activity'
import { echoed } from '../echoed.ts'

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
