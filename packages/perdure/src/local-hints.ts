/** Client and worker of one process tell each other at once what they tell other processes: not every notifier hears itself. */
import type { Notifier } from '@perdure/engine'
import type { ResolvedOptions } from './engine-options.ts'

/** @param onHint of the other half; called in the turn after the publishing one */
export function withLocalHints(
  { hints }: Pick<ResolvedOptions, 'hints'>, notifier: Notifier | undefined, onHint: (topic: string) => void,
): Notifier | undefined {
  if (!hints) return notifier
  const topics = new Set<string>()
  const tell = (): void => {
    const told = [...topics]
    topics.clear()
    for (const topic of told) onHint(topic)
  }
  return {
    // The engine starts and stops the notifier itself, once for both.
    start: async () => {},
    stop: async () => {},
    publish: (topic) => {
      if (topic !== 'waiting') {
        if (topics.size === 0) queueMicrotask(tell)
        topics.add(topic)
      }
      notifier?.publish(topic)
    },
  }
}
