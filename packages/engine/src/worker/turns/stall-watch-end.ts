/**
 * The main thread's side of a stall watch. Node.js takes one that is connected for a debugger: a process that exits by
 * process.exit() or an uncaught error would say that it waits for it. So threads close their watches before.
 */
import { exitWaitMs } from '../../limits.ts'

const closersKey = Symbol.for('perdure.stall-watches')

/** A Worker of node:worker_threads; who imports these types need not have Node's. */
export interface WatchingThread {
  postMessage(message: unknown): void
  once(event: 'exit', listener: () => void): unknown
}

/**
 * When the process exits, the thread is told to stop, and gets a moment to close its watch.
 * @param closed shared memory, the same that the thread gave to createStallWatch
 */
export function closeStallWatchAtExit(thread: WatchingThread, closed: Int32Array): void {
  const close = () => {
    thread.postMessage('stop')
    Atomics.wait(closed, 0, 0, exitWaitMs)
  }
  const closers = closersAtExit()
  closers.add(close)
  thread.once('exit', () => void closers.delete(close))
}

/** One listener for all engines of a process: Node.js warns of more than ten. */
function closersAtExit(): Set<() => void> {
  const registry = globalThis as { [closersKey]?: Set<() => void> }
  const known = registry[closersKey]
  if (known !== undefined) return known
  const closers = new Set<() => void>()
  registry[closersKey] = closers
  process.once('exit', () => {
    for (const close of closers) close()
  })
  return closers
}
