/** Brings an execution into memory only to look at it: for queries, and to find where a mismatch comes from. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { drained } from './drain-point.ts'
import { createLive, type LiveOptions } from './live-factory.ts'

/** Throws what replay throws. Nothing is written and no activity runs. */
export async function replayReadOnly(options: Omit<LiveOptions, 'onStray'>, events: readonly EventRecord[]): Promise<LiveExecution> {
  const live = createLive({ ...options, onStray: () => undefined })
  live.replaying = true
  await activate(live, () => live.begin())
  for (const event of events) {
    await activate(live, () => live.apply(decodeEvent(event.type, event.data), event.at, event.data.length))
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
