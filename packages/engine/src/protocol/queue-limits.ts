/**
 * Limits of a task queue over all workers, and the token bucket that keeps them: a begun activity takes a token, tokens come
 * back evenly. Stores without functions of their own calculate with these; PostgreSQL has the same in SQL.
 */
import { PerdureError } from '../error.ts'
import { queueBurstShare, queueConcurrencyMax, queueRateMax, queueRateMin, queueRateWindowMs, queueRefillShare } from '../limits.ts'
import type { Millis } from './ids.ts'

export interface QueueLimits {
  /** Activities that begin in a second, retries included. Null: any number. */
  readonly activitiesPerSecond: number | null
  /** Activities that run at once. Null: any number. */
  readonly maxConcurrentActivities: number | null
}

/** A queue's limits and what was used of them: changes when tasks are taken. */
export interface QueueState extends QueueLimits {
  /** As of countedAt; null where there is no rate. */
  readonly tokens: number | null
  /** Activities begun, forgotten with time: divided by the window it is a rate. */
  readonly used: number
  readonly countedAt: Millis
}

/** How much of a queue may be taken. */
export interface QueueRoom {
  readonly room: number
  /** Without room: in how many milliseconds to look again; null: when a running task has ended. */
  readonly waitMs: number | null
}

/** Sums of fractions fall short of the whole by less than this. */
const rounding = 1e-6

/** @throws PerdureError QUEUE_LIMITS_INVALID */
export function checkQueueLimits(taskQueue: string, limits: Partial<QueueLimits>): void {
  const { activitiesPerSecond: rate = null, maxConcurrentActivities: most = null } = limits
  if (rate !== null && !(typeof rate === 'number' && rate >= queueRateMin && rate <= queueRateMax)) {
    throw refused(taskQueue, 'activitiesPerSecond', rate, `a number from ${queueRateMin} to ${queueRateMax}`)
  }
  if (most !== null && !(Number.isInteger(most) && most >= 1 && most <= queueConcurrencyMax)) {
    throw refused(taskQueue, 'maxConcurrentActivities', most, `a whole number from 1 to ${queueConcurrencyMax}`)
  }
}

function refused(taskQueue: string, limit: string, value: unknown, expected: string): PerdureError {
  const message = `The limit ${limit} of task queue '${taskQueue}' is ${String(value)}: give ${expected}, or null for no limit`
  return new PerdureError('QUEUE_LIMITS_INVALID', message)
}

/** The state after limits were set; undefined when none is left. Left out, a limit stays. */
export function limitedQueue(before: QueueState | undefined, limits: Partial<QueueLimits>, now: Millis): QueueState | undefined {
  const { activitiesPerSecond = null, maxConcurrentActivities = null } = { ...before, ...defined(limits) }
  if (activitiesPerSecond === null && maxConcurrentActivities === null) return undefined
  const burst = activitiesPerSecond === null ? null : burstOf(activitiesPerSecond)
  const left = before === undefined ? null : tokensAt(before, now)
  return {
    activitiesPerSecond, maxConcurrentActivities, countedAt: now, used: before === undefined ? 0 : usedAt(before, now),
    tokens: burst === null || left === null ? burst : Math.min(burst, left),
  }
}

function defined(limits: Partial<QueueLimits>): Partial<QueueLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}

function burstOf(rate: number): number {
  return Math.max(1, Math.ceil(rate * queueBurstShare))
}

/** Time never counts backwards: a clock that was put back adds nothing. */
function tokensAt({ activitiesPerSecond: rate, tokens, countedAt }: QueueState, now: Millis): number | null {
  if (rate === null || tokens === null) return null
  return Math.min(burstOf(rate), tokens + (Math.max(0, now - countedAt) * rate) / 1_000)
}

function usedAt({ used, countedAt }: QueueState, now: Millis): number {
  return used * Math.exp(-Math.max(0, now - countedAt) / queueRateWindowMs)
}

/** @param running tasks of the queue that run */
export function queueRoom(queue: QueueState, running: number, now: Millis): QueueRoom {
  const { activitiesPerSecond: rate, maxConcurrentActivities } = queue
  const slots = maxConcurrentActivities === null ? Number.POSITIVE_INFINITY : Math.max(0, maxConcurrentActivities - running)
  const tokens = tokensAt(queue, now)
  if (slots === 0) return { room: 0, waitMs: null }
  if (rate === null || tokens === null) return { room: slots, waitMs: 0 }
  const room = Math.min(slots, Math.floor(tokens + rounding))
  const wanted = Math.max(1, rate * queueRefillShare)
  return { room, waitMs: room > 0 ? 0 : Math.ceil(((wanted - tokens) * 1_000) / rate) }
}

/** Tasks were taken; or the clock was put back since, and nothing would come back until it is where it was. */
export function mustCount(queue: QueueState, count: number, now: Millis): boolean {
  return count > 0 || queue.countedAt > now
}

/** The state after `count` tasks were taken. */
export function takenFrom(queue: QueueState, count: number, now: Millis): QueueState {
  const tokens = tokensAt(queue, now)
  return { ...queue, tokens: tokens === null ? null : Math.max(0, tokens - count), used: usedAt(queue, now) + count, countedAt: now }
}

/** Activities a second that began lately. */
export function rateUsed(queue: QueueState, now: Millis): number {
  return (usedAt(queue, now) * 1_000) / queueRateWindowMs
}
