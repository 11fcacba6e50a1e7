/**
 * The events of an execution as they come. Histories are read again and again, and what is new is given on: not always at
 * the end, for the scheduling of an activity without a row stands in a history only once the activity has ended.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { HistoryEventView } from '@perdure/engine'

const lookEveryMs = 500
/** A long history takes its time: most of it goes to others. */
const pausesPerRead = 4

type Read = () => Promise<readonly HistoryEventView[]>

/** @param rest waits between two reads, told how long the last one took */
export async function* comingEvents(read: Read, rest = restAfter): AsyncGenerator<readonly HistoryEventView[]> {
  const given = new Map<string, number>()
  for (;;) {
    const began = performance.now()
    const events = await read()
    const fresh = freshOf(events, given)
    if (fresh.length > 0) yield fresh
    if (events.some(({ eventType }) => closing.test(eventType))) return
    await rest(performance.now() - began)
  }
}
const closing = /^WorkflowExecution(Completed|Failed|Canceled|Terminated|ContinuedAsNew|TimedOut)$/

async function restAfter(tookMs: number): Promise<void> {
  await pause(Math.max(lookEveryMs, tookMs * pausesPerRead))
}

function freshOf(events: readonly HistoryEventView[], given: Map<string, number>): readonly HistoryEventView[] {
  const found = new Map<string, number>()
  const fresh = events.filter((event) => {
    const key = keyOf(event)
    const count = (found.get(key) ?? 0) + 1
    found.set(key, count)
    return count > (given.get(key) ?? 0)
  })
  for (const [key, count] of found) given.set(key, Math.max(count, given.get(key) ?? 0))
  return fresh
}

/** Of events alike in all this it is counted how many there are. */
function keyOf({ eventType, eventTime, attributes }: HistoryEventView): string {
  const { activityId, timerId, signalName, attempt } = attributes
  return JSON.stringify([eventType, eventTime, activityId, timerId, signalName, attempt])
}
