import { CancellationScope, notAwaited, rejected, scopeOf, sleepIn, type WaitingOperation } from './cancellation-scope.ts'
import { type Duration, timerMs } from './duration.ts'

/**
 * Waits until `fn` returns true, or `timeout` has passed; false then. `fn` is looked at after every event, must be
 * quick and must not change anything.
 */
export function condition(fn: () => boolean, timeout: Duration): Promise<boolean>
/** Waits until `fn` returns true. */
export function condition(fn: () => boolean): Promise<void>
export async function condition(fn: () => boolean, timeout?: Duration): Promise<void | boolean> {
  const scope = scopeOf('condition()')
  if (timeout === undefined) return waitFor(scope, fn)
  const timeoutMs = timerMs(timeout, 'the timeout of condition()')
  if (scope.consideredCancelled) return rejected(scope)
  if (fn()) return true
  const inner = new CancellationScope({ parent: scope })
  try {
    return await Promise.race([sleepIn(inner, timeoutMs).then(() => false), waitFor(inner, fn).then(() => true)])
  } finally {
    inner.receiveCancel(notAwaited)
  }
}

async function waitFor(scope: CancellationScope, fn: () => boolean): Promise<void> {
  if (scope.consideredCancelled) return rejected(scope)
  if (fn()) return
  const waiting = scope.host.addCondition(fn)
  if (!scope.cancellable) return waiting.settled
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const operation: WaitingOperation = {
    type: 'waiting',
    ended: false,
    cancel: (reason) => {
      waiting.remove()
      reject(reason)
    },
  }
  scope.add(operation)
  waiting.settled.then(() => {
    operation.ended = true
    resolve()
  }, (error: unknown) => {
    operation.ended = true
    reject(error)
  })
  return promise
}
