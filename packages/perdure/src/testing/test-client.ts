/** The client of a test: time may be skipped while somebody waits for a result, and not while anything else is asked. */
import type { PerdureError } from '@perdure/engine'

export interface CallWatch {
  /** What every call fails with once the environment is closed. */
  readonly closed: () => PerdureError | undefined
  /** A call that is answered without time passing is under way; returns what ends it. */
  readonly asked: () => () => void
  /** Somebody waits for something that takes time; rejects when it will never come. */
  readonly awaited: <T>(waiting: Promise<T>) => Promise<T>
}

/** Calls that wait for what workflow code does. */
const waiting: ReadonlySet<string> = new Set([
  'result', 'execute', 'getResult', 'executeUpdate', 'executeUpdateWithStart', 'startUpdate', 'startUpdateWithStart',
])

/** Calls that answer at once. All others give a promise, also of a failure. */
const immediate: ReadonlySet<string | symbol> = new Set(['getHandle', 'getUpdateHandle', 'register', 'replayOpen'])

type AnyFunction = (...args: unknown[]) => unknown

/** As `client`, watched; so are the handles that it gives. */
export function watchedClient<T extends object>(client: T, watch: CallWatch): T {
  const members = new Map<string | symbol, unknown>()
  return new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      let watched = members.get(name)
      if (watched === undefined) members.set(name, watched = watchedCall(target, name, member as AnyFunction, watch))
      return watched
    },
  })
}

function watchedCall(target: object, name: string | symbol, member: AnyFunction, watch: CallWatch): AnyFunction {
  return (...args) => {
    const closed = watch.closed()
    if (closed !== undefined && immediate.has(name)) throw closed
    if (closed !== undefined) return Promise.reject(closed)
    const answer: unknown = member.apply(target, args)
    if (!(answer instanceof Promise)) return isHandle(answer) ? watchedClient(answer, watch) : answer
    if (typeof name === 'string' && waiting.has(name)) return watch.awaited(answer.then((value) => watchedAnswer(value, watch)))
    const end = watch.asked()
    return answer.then((value) => watchedAnswer(value, watch)).finally(end)
  }
}

function watchedAnswer(value: unknown, watch: CallWatch): unknown {
  return isHandle(value) ? watchedClient(value, watch) : value
}

/** Of an execution, or of an update. */
function isHandle(value: unknown): value is object {
  return typeof value === 'object' && value !== null && typeof (value as { readonly result?: unknown }).result === 'function'
}
