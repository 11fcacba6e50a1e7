import type { Notifier } from '@perdure/engine'
import { hintPollMs, hintPollQuiet } from './limits.ts'
import type { SqliteStore } from './sqlite-store.ts'

/** Topic of a hint that says no more than: somebody else wrote. */
export const anyTopic = '*'

/**
 * Hints between the processes of one file: asks the store's connection whether another one has committed since, and
 * says so under the topic '*'. It costs no write, and `publish` has nothing to do: the commit itself is the message.
 */
export function createSqliteNotifier(store: SqliteStore): Notifier {
  let timer: NodeJS.Timeout | undefined
  let seen: number | undefined
  let quietMs = 0
  const look = (onHint: (topic: string) => void, afterMs: number): void => {
    timer = setTimeout(() => {
      quietMs += afterMs
      const version = dataVersionOrNone(store)
      if (version !== undefined && version !== seen) {
        seen = version
        quietMs = 0
        onHint(anyTopic)
      }
      if (timer !== undefined) look(onHint, pauseAfter(quietMs))
    }, afterMs).unref()
  }
  return {
    async start(onHint) {
      if (timer !== undefined) return
      seen = store.dataVersion()
      look(onHint, hintPollMs)
    },
    publish() {},
    async stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

function pauseAfter(quietMs: number): number {
  return hintPollQuiet.find((step) => quietMs >= step.quietMs)?.pollMs ?? hintPollMs
}

/** A hint may be missed (I5): while the store is closed or the file locked there is none. */
function dataVersionOrNone(store: SqliteStore): number | undefined {
  try {
    return store.dataVersion()
  } catch {
    return undefined
  }
}
