/**
 * Reading history: numbers have no gaps, and the index leads with the number (see the migration), so each event is a
 * search of its own, whoever asks. Measured (us an event, file larger than the page cache): asked for one by one 9, all in
 * one statement 6, with an index that leads with the execution 2 to 3; but writing with that index took 1.4 times as long,
 * and each event is written once and seldom read. A statement costs 35 us to begin, so short histories are read one by one.
 */
import type { EventRecord } from '@perdure/engine'
import type { Connection } from './connection.ts'
import { eventAt } from './statements/event-at.ts'
import { eventsFrom } from './statements/events-from.ts'

/** As many searches cost as much as one statement does. */
const oneByOneMax = 16

export function readEvents(connection: Connection, executionId: number, afterSeq: number, limit: number): EventRecord[] {
  const events: EventRecord[] = []
  while (events.length < Math.min(limit, oneByOneMax)) {
    const event = connection.get(eventAt, afterSeq + events.length + 1, executionId)
    if (event === undefined) return events
    events.push(event)
  }
  const left = limit - events.length
  if (left <= 0) return events
  return events.concat(connection.all(eventsFrom, executionId, afterSeq + events.length + 1, left === Infinity ? -1 : left))
}

/** The newest event: doubles the number until there is none, then halves the gap. */
export function lastEvent(connection: Connection, executionId: number): EventRecord | undefined {
  let last = connection.get(eventAt, 1, executionId)
  if (last === undefined) return undefined
  let none = 2
  for (let event; (event = connection.get(eventAt, none, executionId)) !== undefined; none *= 2) last = event
  while (none - last.seq > 1) {
    const middle = Math.floor((last.seq + none) / 2)
    const event = connection.get(eventAt, middle, executionId)
    if (event === undefined) none = middle
    else last = event
  }
  return last
}
