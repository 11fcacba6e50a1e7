import {
  type ActivityOptions, ActivityFailure, CancellationScope, ChildWorkflowFailure, condition, defineSignal, defineUpdate, executeChild,
  proxyActivities, proxyLocalActivities, setHandler, workflowInfo,
} from 'perdure/workflow'
import { CardDeclined } from '../card-declined.ts'

export interface CardActivities {
  pay(key: string, card: string): Promise<string>
  leave(key: string): Promise<string>
  beat(key: string): Promise<string>
  beatAndLeave(key: string): Promise<string>
}

const minute = { startToCloseTimeout: '1 minute', retry: { initialInterval: 1, maximumAttempts: 3 } } as const

/** Of an error that was thrown here: that of a card as one of its own. */
function declinedAgain(error: unknown): Error {
  const { cause } = error as Error
  const isWrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure
  if (isWrapped && cause instanceof CardDeclined) return new CardDeclined(`${cause.card} again`)
  return new TypeError(`not declined: ${String(error)}`)
}

export async function paysByCard(key: string, card: string): Promise<string> {
  try {
    return await proxyActivities<CardActivities>(minute).pay(key, card)
  } catch (error) {
    throw declinedAgain(error)
  }
}

/** Lets out what it gets. */
export async function paysPlainly(key: string, card: string, options: ActivityOptions = minute): Promise<string> {
  return proxyActivities<CardActivities>(options).pay(key, card)
}

export async function paysLocally(key: string, card: string): Promise<string> {
  try {
    return await proxyLocalActivities<CardActivities>(minute).pay(key, card)
  } catch (error) {
    return error instanceof CardDeclined ? `locally ${error.card}` : `not declined: ${String(error)}`
  }
}

export async function paysOutside(key: string): Promise<string> {
  try {
    return await proxyActivities<CardActivities>({ startToCloseTimeout: '1 minute' }).leave(key)
  } catch (error) {
    throw declinedAgain(error)
  }
}

export async function declines(card: string): Promise<never> {
  throw new CardDeclined(card)
}

export async function paysByChild(card: string): Promise<string> {
  try {
    return await executeChild(declines, { args: [card] })
  } catch (error) {
    throw declinedAgain(error)
  }
}

/** Fails in its first run; the second says what it knows of that. */
export async function triesAgain(card: string): Promise<string> {
  const { attempt, lastFailure } = workflowInfo()
  if (attempt === 1) throw new CardDeclined(card)
  return lastFailure instanceof CardDeclined ? `${attempt} after ${lastFailure.card}` : `not declined: ${String(lastFailure)}`
}

/** Whether what it gets instead of results is marked, each. */
export async function cancelsAtOnce(): Promise<boolean[]> {
  const scope = new CancellationScope()
  const calls = scope.run(() => Promise.allSettled([
    proxyActivities<CardActivities>(minute).leave(''), executeChild(declines, { args: ['0'] }),
  ]))
  scope.cancel()
  return (await calls).map((each) => each.status === 'rejected' && (each.reason as { readonly isMarked?: boolean }).isMarked === true)
}

/** Nobody hears of its activity again, which `beat` runs itself and `beatAndLeave` leaves to others. */
export async function losesHeart(key: string, by: 'beat' | 'beatAndLeave'): Promise<string> {
  const options = { startToCloseTimeout: '1 minute', heartbeatTimeout: '2 seconds', retry: { maximumAttempts: 1 } } as const
  return proxyActivities<CardActivities>(options)[by](key)
}

export const use = defineUpdate<string, [card: string]>('use')
export const closeCards = defineSignal('closeCards')

export async function takesCards(): Promise<void> {
  let isClosed = false
  setHandler(closeCards, () => { isClosed = true })
  setHandler(use, async (card): Promise<string> => {
    throw new CardDeclined(card)
  }, {
    validator: (card) => {
      if (card === 'stolen') throw new CardDeclined(card)
    },
  })
  await condition(() => isClosed)
}
