import type { Notifier } from '@perdure/engine'
import { hintPollMs } from './limits.ts'
import type { SqliteStore } from './sqlite-store.ts'

/** Topic of a hint that says no more than: somebody else wrote. */
export const anyTopic = '*'

/**
 * Hints between the processes of one file: asks the store's connection whether another one has committed since, and
 * says so under the topic '*'. It costs no write, and `publish` has nothing to do: the commit itself is the message.
 */
export function createSqliteNotifier(store: SqliteStore, intervalMs: number = hintPollMs): Notifier {
  let timer: NodeJS.Timeout | undefined
  return {
    async start(onHint) {
      let seen = store.dataVersion()
      timer ??= setInterval(() => {
        const version = dataVersionOrNone(store)
        if (version === undefined || version === seen) return
        seen = version
        onHint(anyTopic)
      }, intervalMs)
      timer.unref()
    },
    publish() {},
    async stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}

/** A hint may be missed (I5): while the store is closed or the file locked there is none. */
function dataVersionOrNone(store: SqliteStore): number | undefined {
  try {
    return store.dataVersion()
  } catch {
    return undefined
  }
}
