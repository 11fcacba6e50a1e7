/** What the platform has behind an AsyncLocalStorage; Node's class of that name is one. */
export interface AsyncStorage<T> {
  run<R>(store: T, fn: () => R): R
  getStore(): T | undefined
  enterWith?(store: T): void
  disable(): void
}
