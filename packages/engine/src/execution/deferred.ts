/** What Promise.withResolvers() gives, by a name of ours: declarations are read by compilers that do not know ES2024, too. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T | PromiseLike<T>) => void
  readonly reject: (reason?: unknown) => void
}
