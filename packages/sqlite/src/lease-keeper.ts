/** The main thread's side of the lease thread: two clocks in shared memory, start and stop. */
import { Worker } from 'node:worker_threads'
import { closeStallWatchAtExit, mainStalledMs, StoreUnavailableError } from '@perdure/engine'
import type { Incarnation, LeaseKeeper } from '@perdure/engine'
import { movedClock, renewedClock, steadyNow, type LeaseThreadData, type LeaseTiming } from './lease-timing.ts'
import { leaseLookMs, mainSilentMs } from './limits.ts'
import { processLockPath } from './process-lock.ts'

const defaultTiming: LeaseTiming = { lookMs: leaseLookMs, mainSilentMs, mainStalledMs }

/** Answers once the process lock is held. The thread does not keep the process alive. */
export async function startLeaseKeeper(file: string, incarnation: Incarnation, timing: LeaseTiming = defaultTiming): Promise<LeaseKeeper> {
  const clocks = new BigInt64Array(new SharedArrayBuffer(16))
  const set = (clock: number) => void Atomics.store(clocks, clock, BigInt(steadyNow()))
  set(movedClock)
  set(renewedClock)
  const watchClosed = new Int32Array(new SharedArrayBuffer(4))
  const workerData: LeaseThreadData = { file, lockPath: processLockPath(file, incarnation), incarnation, clocks, watchClosed, timing }
  const thread = new Worker(threadFile(), { workerData, execArgv: [], name: `perdure lease ${incarnation}` })
  const ended = new Promise<void>(resolve => thread.once('exit', () => resolve()))
  closeStallWatchAtExit(thread, watchClosed)
  await locked(thread, file)
  // It ends with an error only when it cannot go on; the main thread's own ticks then keep the lease alone.
  thread.on('error', () => {})
  thread.unref()
  return {
    mainMoved: () => set(movedClock),
    mainRenewed: () => set(renewedClock),
    async stop() {
      thread.ref()
      thread.postMessage('stop')
      await ended
    },
  }
}

/** The same file as TypeScript source and as built JavaScript. */
function threadFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './lease-thread.ts' : './lease-thread.js', import.meta.url)
}

function locked(thread: Worker, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once('message', () => {
      thread.removeAllListeners('error')
      resolve()
    })
    thread.once('error', error => {
      reject(new StoreUnavailableError(`The lease thread for ${file} could not start: ${error.message}`, { cause: error }))
    })
  })
}
