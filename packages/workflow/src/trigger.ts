import { scopeOf, type WaitingOperation } from './cancellation-scope.ts'

/**
 * A promise that other code settles: `resolve` and `reject` are methods. It is linked to the scope that it was made in,
 * and rejects with a CancelledFailure when that scope is cancelled.
 * @example
 * const answer = new Trigger<boolean>()
 * setHandler(approve, () => answer.resolve(true))
 * const approved = await Promise.race([answer, sleep('30 days')])
 */
export class Trigger<T> implements PromiseLike<T> {
  readonly resolve: (value: T | PromiseLike<T>) => void
  readonly reject: (reason?: unknown) => void
  protected readonly promise: Promise<T>

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const operation: WaitingOperation = { type: 'waiting', ended: false, cancel: reject }
    this.promise = promise
    this.resolve = (value) => {
      operation.ended = true
      resolve(value)
    }
    this.reject = (reason) => {
      operation.ended = true
      reject(reason)
    }
    // Whoever awaits the trigger gets the rejection; one that nobody awaits is no unhandled rejection.
    promise.catch(() => undefined)
    const scope = scopeOf('new Trigger()')
    if (!scope.cancellable) return
    // As on Temporal: what settles it in the same turn comes before the cancellation of its scope.
    if (scope.consideredCancelled) void Promise.resolve(scope.cancelReason).then(reject)
    else scope.add(operation)
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, for whoever awaits it
  then<TResult1 = T, TResult2 = never>(
    onfulfilled?: ((value: T) => TResult1 | PromiseLike<TResult1>) | null,
    onrejected?: ((reason: unknown) => TResult2 | PromiseLike<TResult2>) | null,
  ): PromiseLike<TResult1 | TResult2> {
    return this.promise.then(onfulfilled, onrejected)
  }
}
