/**
 * Random numbers that repeat on replay. A named stream has numbers of its own, so that what an interceptor draws does not
 * change what the workflow gets.
 */
import { AsyncLocalStorage } from './async-local-storage.ts'
import { currentScopeOrNone, type WorkflowHost } from './host.ts'
import { PerdureError } from './perdure-error.ts'

export interface WorkflowRandomStream {
  /** Uniform in [0, 1). */
  random(): number
  uuid4(): string
  /** Fills and returns the array. */
  fill(bytes: Uint8Array): Uint8Array
  /** Runs `fn` with this stream behind Math.random() and uuid4(); what interceptors pass on to `next` is not affected. */
  with<T>(fn: () => T): T
}

/** The stream behind Math.random() and uuid4() of the execution. */
export const workflowRandom: WorkflowRandomStream = {
  random: () => hostOf('workflowRandom').random(),
  uuid4: () => hostOf('workflowRandom').uuid4(),
  fill: (bytes) => {
    const host = hostOf('workflowRandom')
    for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(host.random() * 256)
    return bytes
  },
  with: (fn) => {
    hostOf('workflowRandom')
    return withRandom(workflowRandom, fn)
  },
}

/**
 * A random stream of its own. The same name gives the same stream of the execution, wherever it is asked for.
 * @throws PerdureError OPTIONS_INVALID when the name is empty
 */
export function getRandomStream(name: string): WorkflowRandomStream {
  const host = hostOf('getRandomStream()')
  if (typeof name !== 'string' || name === '') {
    const remedy = 'give a text that stays the same, such as the name of your package'
    throw new PerdureError('OPTIONS_INVALID', `getRandomStream() was given no name; ${remedy}`)
  }
  const drawn = host.randomStream(name)
  const stream: WorkflowRandomStream = {
    random: () => drawn.random(), uuid4: () => drawn.uuid4(), fill: (bytes) => drawn.fill(bytes), with: (fn) => withRandom(stream, fn),
  }
  return stream
}

const storage = new AsyncLocalStorage<WorkflowRandomStream | undefined>()

/** For the engine: what Math.random() and the like draw from, in workflow code. */
export function currentRandom(host: WorkflowHost): Pick<WorkflowRandomStream, 'random' | 'uuid4'> {
  return storage.getStore() ?? host
}

/** Calls it with the stream that is the current one now. */
export function keepingRandom<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  const stream = storage.getStore()
  return (...args) => (storage.getStore() === stream ? fn(...args) : storage.run(stream, () => fn(...args)))
}

function withRandom<T>(stream: WorkflowRandomStream, fn: () => T): T {
  return storage.run(stream, fn)
}

function hostOf(called: string): WorkflowHost {
  const scope = currentScopeOrNone()
  if (scope !== undefined) return scope.host
  throw new PerdureError('NOT_IN_WORKFLOW', `${called} was used outside of workflow code; use it in a workflow function`)
}
