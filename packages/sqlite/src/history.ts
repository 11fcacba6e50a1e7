/**
 * Reading history: numbers have no gaps, and the index leads with the number (see the migration), so a history is read
 * event by event, each by its number: about 1 us an event.
 */
import type { EventRecord } from '@perdure/engine'
import type { Connection } from './connection.ts'
import { eventAt } from './statements/event-at.ts'

export function readEvents(connection: Connection, executionId: number, afterSeq: number, limit: number): EventRecord[] {
  const events: EventRecord[] = []
  while (events.length < limit) {
    const event = connection.get(eventAt, afterSeq + events.length + 1, executionId)
    if (event === undefined) break
    events.push(event)
  }
  return events
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
