import { activityInfo, ApplicationFailure } from 'perdure/activity'
import { probe } from '../probe.ts'

class CardExpired extends Error {}

/** Fails until the attempt given, and notes when each attempt began. */
export async function succeedAt(key: string, attempt: number): Promise<number> {
  const info = activityInfo()
  probe(key).note(`attempt ${info.attempt} ${Date.now()}`)
  if (info.attempt < attempt) throw ApplicationFailure.retryable(`not at ${info.attempt}`, 'NotYet', { attempt: info.attempt })
  return info.attempt
}

export async function failFinally(key: string): Promise<void> {
  probe(key).note('attempt')
  throw ApplicationFailure.nonRetryable('card expired', 'CardExpired', { card: '4242' }, 7)
}

export async function failByClass(key: string): Promise<void> {
  probe(key).note('attempt')
  throw new CardExpired('expired in May')
}

export async function failWithCause(): Promise<void> {
  throw new Error('order failed', { cause: new TypeError('no such customer') })
}

export async function throwText(): Promise<void> {
  // eslint-disable-next-line typescript/only-throw-error -- what is thrown need not be an Error
  throw 'just text'
}

/** Asks for its own pause before the next attempt. */
export async function failWithDelay(key: string, delayMs: number): Promise<number> {
  const { attempt } = activityInfo()
  probe(key).note(`attempt ${attempt} ${Date.now()}`)
  if (attempt === 1) throw ApplicationFailure.create({ message: 'later', nextRetryDelay: delayMs })
  return attempt
}
