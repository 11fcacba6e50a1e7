/** Brings an execution into memory only to look at it: for queries, and to find where a mismatch comes from. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import type { InboxMessage } from '../protocol/inbox-message.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { drained } from './drain-point.ts'
import { createLive, type LiveOptions } from './live-factory.ts'

/**
 * Throws what replay throws. Nothing is written and no activity runs.
 * @param unread messages that will follow the history: they are applied as whoever runs the execution will apply them
 */
export async function replayReadOnly(
  options: Omit<LiveOptions, 'onStray'>, events: readonly EventRecord[], unread: readonly InboxMessage[] = [],
): Promise<LiveExecution> {
  const live = createLive({ ...options, onStray: () => undefined })
  live.replaying = true
  await activate(live, () => live.begin())
  for (const event of events) {
    await activate(live, () => live.apply(decodeEvent(event.type, event.data), event.at, event.data.length))
  }
  const now = Math.max(options.wallClock(), events.at(-1)?.at ?? 0)
  for (const message of unread) {
    const event = decodeEvent(message.type, message.data)
    if (live.accepts(event)) await activate(live, () => live.apply(event, now, message.data.length))
  }
  return live
}

/** One activation to quiescence. */
async function activate(live: LiveExecution, step: () => void): Promise<void> {
  let next: (() => void) | undefined = step
  while (next !== undefined) {
    const apply: () => void = next
    const hasMore: boolean = await drained(() => { live.activating = true; apply() }, () => {
      const more = live.hasMore()
      live.activating = false
      return more
    })
    next = hasMore ? () => live.settleMore() : undefined
  }
  live.takeCommands()
  if (live.taskFailure !== undefined) throw live.taskFailure
}
