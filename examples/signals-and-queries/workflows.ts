import {
  condition, defineQuery, defineSignal, log, setDefaultSignalHandler, setHandler,
} from 'perdure/workflow'

export const vote = defineSignal<[dish: string]>('vote')
export const close = defineSignal('close')
export const standing = defineQuery<Readonly<Record<string, number>>>('standing')

/** Counts votes until it is closed; the winner is the result. */
export async function lunchVote(dishes: readonly string[]): Promise<string | undefined> {
  const votes = new Map(dishes.map((dish) => [dish, 0]))
  const strange: string[] = []
  let isOpen = true
  // Signals that came before wait for their handler.
  setHandler(vote, (dish) => {
    const count = votes.get(dish)
    if (count !== undefined) votes.set(dish, count + 1)
  })
  setHandler(close, () => {
    isOpen = false
  })
  // Changes nothing, awaits nothing, and also answers when the vote is over.
  setHandler(standing, () => Object.fromEntries(votes))
  // For all signals that have no handler of their own.
  setDefaultSignalHandler((signalName) => {
    strange.push(signalName)
  })
  await condition(() => !isOpen)
  if (strange.length > 0) log.warn('Signals that nobody knows', { strange })
  return [...votes].sort(([, a], [, b]) => b - a)[0]?.[0]
}
