/** Starts and stops the thread that keeps a lease. The thread ends with the process and does not keep it alive. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { closeStallWatchAtExit, StoreUnavailableError } from '@perdure/engine'
import type { Incarnation, LeaseKeeper } from '@perdure/engine'
import type { LeaseThreadData, LeaseThreadMessage } from './lease-thread.ts'
import { askedTime, leaseTimes, movedTime, renewedTime } from './lease-times.ts'
import { leaseCheckMs } from './limits.ts'

export interface LeaseSettings {
  readonly connectionString: string
  readonly schema: string
  readonly applicationName: string
  readonly location: string
  /** Null: no lock, behind a pooler; then the lease alone tells of life. */
  readonly lockClass: number | null
  readonly mainStalledMs: number
}

/** The same file beside this one: .ts in the sources, .js when built. */
const threadFile = new URL(`./lease-thread${extname(import.meta.url)}`, import.meta.url)
/** A thread that crashed is started again after so long. */
const restartMs = 1_000

export async function keepLease(settings: LeaseSettings, incarnation: Incarnation): Promise<LeaseKeeper> {
  const { location, ...given } = settings
  const times = new BigInt64Array(new SharedArrayBuffer(leaseTimes * BigInt64Array.BYTES_PER_ELEMENT))
  const now = () => process.hrtime.bigint()
  times.fill(now())
  const beat = setInterval(() => void Atomics.store(times, movedTime, now()), leaseCheckMs).unref()
  const data = { ...given, incarnation, times: times.buffer }
  let isStopped = false
  let restart: NodeJS.Timeout | undefined
  let thread = startThread(data)
  const watch = (started: Worker) => void started.once('exit', () => {
    if (isStopped || started !== thread) return
    restart = setTimeout(() => {
      thread = startThread(data)
      thread.unref()
      watch(thread)
    }, restartMs).unref()
  })
  const failure = await firstRound(thread)
  if (failure !== null) {
    clearInterval(beat)
    await thread.terminate()
    throw new StoreUnavailableError(`The lease thread cannot reach PostgreSQL at ${location}: ${failure}`)
  }
  thread.unref()
  watch(thread)
  let stopped: Promise<void> | undefined
  return {
    mainMoved: () => void Atomics.store(times, askedTime, now()),
    mainRenewed: () => {
      Atomics.store(times, askedTime, now())
      Atomics.store(times, renewedTime, now())
    },
    stop: () => {
      isStopped = true
      clearInterval(beat)
      clearTimeout(restart)
      stopped ??= end(thread)
      return stopped
    },
  }
}

/** No options of this process: they are made for its main module. */
function startThread(given: Omit<LeaseThreadData, 'watchClosed'>): Worker {
  const watchClosed = new Int32Array(new SharedArrayBuffer(4))
  const data: LeaseThreadData = { ...given, watchClosed }
  const thread = new Worker(threadFile, { workerData: data, name: 'perdure lease', execArgv: [] })
  closeStallWatchAtExit(thread, watchClosed)
  return thread.on('error', () => undefined) // 'exit' follows, and starts another
}

function firstRound(thread: Worker): Promise<string | null> {
  return new Promise(resolve => {
    thread.once('message', (message: LeaseThreadMessage) => resolve(message.failure))
    thread.once('error', error => resolve(error.message))
    thread.once('exit', () => resolve('the thread ended'))
  })
}

function end(thread: Worker): Promise<void> {
  if (thread.threadId === -1) return Promise.resolve() // it is gone
  return new Promise(resolve => {
    thread.ref()
    thread.once('exit', () => resolve())
    thread.postMessage({ type: 'stop' })
  })
}
