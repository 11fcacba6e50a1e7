import { CancellationScope, notAwaited, rejected, scopeOf, sleepIn, type WaitingOperation } from './cancellation-scope.ts'
import { type Duration, timerMs } from './duration.ts'
import type { PendingCondition } from './host.ts'
import type { TimerOptions } from './interceptors.ts'
import { PerdureError } from './perdure-error.ts'
import { checkTimerOptions } from './timer-options.ts'

/**
 * Waits until `fn` returns true, or `timeout` has passed; false then. `fn` is looked at after every event, must be
 * quick, must not be async and must not change anything.
 * @throws PerdureError CONDITION_INVALID, DURATION_INVALID
 * @example const answered = await condition(() => answer !== null, '24 hours')
 */
export function condition(fn: () => boolean, timeout: Duration, options?: TimerOptions): Promise<boolean>
/**
 * Waits until `fn` returns true: it is looked at after every event, and must not be async.
 * @throws PerdureError CONDITION_INVALID
 */
export function condition(fn: () => boolean): Promise<void>
export async function condition(fn: () => boolean, timeout?: Duration, options?: TimerOptions): Promise<void | boolean> {
  const scope = scopeOf('condition()')
  if (typeof fn !== 'function') throw invalid(`a value of type ${typeof fn}`, 'pass a function that looks at it: condition(() => approved)')
  if (timeout === undefined) return waitFor(scope, fn)
  const timeoutMs = timerMs(timeout, 'the timeout of condition()')
  const checked = checkTimerOptions(options, 'condition()')
  // As on Temporal, down to the number of turns it takes: other branches must not overtake it there and not here. Its timer
  // comes first, also when the predicate holds already.
  const inner = new CancellationScope({ parent: scope })
  return inner.run(async () => {
    try {
      return await Promise.race([sleepIn(inner, timeoutMs, checked).then(() => false), waitFor(inner, fn).then(() => true)])
    } finally {
      inner.receiveCancel(notAwaited)
    }
  })
}

function waitFor(scope: CancellationScope, fn: () => boolean): Promise<void> {
  if (scope.consideredCancelled) return rejected(scope)
  try {
    if (holds(fn)) return Promise.resolve()
    const waiting = scope.host.addCondition(fn)
    if (scope.cancellable) scope.add(operationOf(waiting))
    return waiting.settled
  } catch (error) {
    return Promise.reject(error)
  }
}

function operationOf(waiting: PendingCondition): WaitingOperation {
  return { type: 'waiting', get ended() { return !waiting.isWaiting() }, cancel: (reason) => waiting.remove(reason) }
}

/** A promise would always hold. */
function holds(fn: () => boolean): boolean {
  const held: unknown = fn()
  if (held === true || typeof held !== 'object' || held === null || !('then' in held)) return Boolean(held)
  throw invalid('an async function', 'pass one that answers at once, and let signals and activities change what it looks at')
}

function invalid(given: string, remedy: string): PerdureError {
  return new PerdureError('CONDITION_INVALID', `condition() was called with ${given}; ${remedy}`)
}
