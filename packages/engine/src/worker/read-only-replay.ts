/** Brings an execution into memory only to look at it: for queries, and to find where a mismatch comes from. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import type { InboxMessage } from '../protocol/inbox-message.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { drained } from './drain-point.ts'
import { callOfWorkflow } from './execution-steps.ts'
import { createLive, type LiveOptions } from './live-factory.ts'

/**
 * Throws what replay throws. Nothing is written and no activity runs.
 * @param unread messages that will follow the history: they are applied as whoever runs the execution will apply them
 * @param onRest looks at it after each activation of the history; `applied` events of it were applied so far
 */
export async function replayReadOnly(
  options: Omit<LiveOptions, 'onStray'>, events: readonly EventRecord[], unread: readonly InboxMessage[] = [],
  onRest: (live: LiveExecution, applied: number) => void = () => undefined,
): Promise<LiveExecution> {
  const live = createLive({ ...options, onStray: () => undefined })
  live.replaying = true
  const apply = ({ type, data, at }: EventRecord): void => live.apply(decodeEvent(type, data), at, data.length)
  const now = Math.max(options.wallClock(), events.at(-1)?.at ?? 0)
  const messages = unread.map(({ type, data }, index): EventRecord => ({ seq: events.length + index + 1, type, data, at: now }))
  const early = options.record.firstTaskAt === null ? messages.filter(({ type }) => type === 'WorkflowExecutionSignaled') : []
  const called = callOfWorkflow(events)
  await activate(live, () => {
    for (const event of [...early, ...events.slice(0, called + 1)]) apply(event)
    if (called === -1) live.begin()
  })
  onRest(live, called + 1)
  for (const [index, event] of events.entries()) {
    if (index <= called) continue
    await activate(live, () => apply(event))
    onRest(live, index + 1)
  }
  for (const message of messages.filter((each) => !early.includes(each))) {
    if (live.accepts(decodeEvent(message.type, message.data))) await activate(live, () => apply(message))
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
