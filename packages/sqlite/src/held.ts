/**
 * Which held executions a worker may try. What they wait for is a column (migrations/0001-foundation.ts), by ranges of which a worker
 * steps over what waits for something else, however much that is.
 */
import type { ClaimRequest, Millis, Serving } from '@perdure/engine'
import type { Database } from './database.ts'
import { enoughDue } from './enough-due.ts'
import type { Due } from './statements/due-executions.ts'
import { dueHeldExecutions } from './statements/due-held-executions.ts'
import { earliestHeldWake } from './statements/earliest-held-wake.ts'
import { heldExecutions } from './statements/held-executions.ts'
import { nextAwaited } from './statements/next-awaited.ts'
import { nextHeldPriority } from './statements/next-held-priority.ts'

/** Null: never by itself. */
export function earliestHeldAt(database: Database, serving: Serving, taskQueue: string): Millis | null {
  const { connection } = database
  const { namespace } = serving
  for (const waitsFor of atOnce(database, serving, taskQueue)) {
    if (connection.get(heldExecutions, namespace, taskQueue, waitsFor) !== undefined) return 0
  }
  const waitsFor = timed(serving)
  let earliest: Millis | null = null
  for (const priority of prioritiesOf(database, serving, taskQueue, waitsFor)) {
    const wakeAt = connection.get(earliestHeldWake, namespace, taskQueue, waitsFor, priority) ?? null
    if (wakeAt !== null && (earliest === null || wakeAt < earliest)) earliest = wakeAt
  }
  return earliest
}

/** Of each reason and priority no more than can be taken. */
export function dueHeld(database: Database, request: ClaimRequest, taskQueue: string): Due[] {
  const { connection } = database
  const { namespace, now } = request
  const due: Due[] = []
  for (const waitsFor of atOnce(database, request, taskQueue)) {
    due.push(...enoughDue(connection.rows(heldExecutions, namespace, taskQueue, waitsFor), request))
  }
  const waitsFor = timed(request)
  for (const priority of prioritiesOf(database, request, taskQueue, waitsFor)) {
    due.push(...enoughDue(connection.rows(dueHeldExecutions, namespace, taskQueue, waitsFor, priority, now), request))
  }
  return due
}

const timed = ({ buildId }: Serving): string => `time:${buildId}`

/** What this worker has at once: its types, and not being one of the other builds. */
function* atOnce({ connection }: Database, { namespace, buildId, workflowTypes }: Serving, taskQueue: string): Generator<string> {
  const next = (after: string, until: string) => connection.get(nextAwaited, namespace, taskQueue, after, until)
  const own = [`build:${buildId}`, `time:${buildId}`]
  for (let found = next('', 'type:'); found !== undefined; found = next(found, 'type:')) if (!own.includes(found)) yield found
  if (next('type:', 'type;') !== undefined) yield* workflowTypes.map(type => `type:${type}`)
}

function* prioritiesOf({ connection }: Database, { namespace }: Serving, taskQueue: string, waitsFor: string): Generator<number> {
  const next = (after: number) => connection.get(nextHeldPriority, namespace, taskQueue, waitsFor, after)
  for (let found = next(Number.MIN_SAFE_INTEGER); found !== undefined; found = next(found)) yield found
}
