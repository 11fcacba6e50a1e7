/** How an attempt is asked to stop. Signal and promise are made when first asked for: most activities never look. */
import { CancelledFailure } from '@perdure/workflow'

export class AttemptCancellation {
  #failure: CancelledFailure | undefined
  #controller: AbortController | undefined
  #cancelled: PromiseWithResolvers<never> | undefined

  /** Undefined: nobody asked it to stop. */
  get reason(): string | undefined {
    return this.#failure?.message
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#failure !== undefined) this.#controller.abort(this.#failure)
    }
    return this.#controller.signal
  }

  /** Rejects when the attempt is cancelled. */
  get cancelled(): Promise<never> {
    if (this.#cancelled === undefined) {
      this.#cancelled = Promise.withResolvers<never>()
      this.#cancelled.promise.catch(() => undefined)
      if (this.#failure !== undefined) this.#cancelled.reject(this.#failure)
    }
    return this.#cancelled.promise
  }

  cancel(reason: string): void {
    if (this.#failure !== undefined) return
    this.#failure = new CancelledFailure(reason)
    this.#controller?.abort(this.#failure)
    this.#cancelled?.reject(this.#failure)
  }
}
