import type { AsyncStorage } from './async-storage.ts'
import { workflowRuntimeOrNone } from './host.ts'

/**
 * A value that goes with the flow of execution: what `fn` calls in `run(value, fn)`, at once or later, finds it. May be
 * used in workflow code; elsewhere it works too, once an engine was loaded.
 */
export class AsyncLocalStorage<T> {
  /** Made when first used: modules of workflows may be loaded before the engine is. */
  #behind: AsyncStorage<T> | undefined

  run<R>(store: T, fn: () => R): R
  run<R, Args extends unknown[]>(store: T, fn: (...args: Args) => R, ...args: Args): R
  run<R, Args extends unknown[]>(store: T, fn: (...args: Args) => R, ...args: Args): R {
    return this.#storage().run(store, () => fn(...args))
  }

  getStore(): T | undefined {
    return this.#behind?.getStore()
  }

  /** For the rest of the running code, and what it starts. */
  enterWith(store: T): void {
    const storage = this.#storage()
    if (storage.enterWith === undefined) throw new Error('This runtime has no AsyncLocalStorage.enterWith(); use run()')
    storage.enterWith(store)
  }

  exit<R, Args extends unknown[]>(fn: (...args: Args) => R, ...args: Args): R {
    return (this.#storage() as AsyncStorage<T | undefined>).run(undefined, () => fn(...args))
  }

  disable(): void {
    this.#behind?.disable()
  }

  #storage(): AsyncStorage<T> {
    if (this.#behind !== undefined) return this.#behind
    const runtime = workflowRuntimeOrNone()
    if (runtime === undefined) throw new Error('No workflow runtime: an AsyncLocalStorage is used before an Engine was loaded')
    return this.#behind = runtime.createAsyncLocalStorage<T>()
  }
}
