/**
 * Runs in a thread of its own, so that code that keeps the main thread busy does not lose the lease. Holds the process
 * lock, and renews when the main thread has not for a while, unless it has not moved for so long that it must be taken
 * for dead.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { createStallWatch } from '@perdure/engine/stall-watch'
import { Connection } from './connection.ts'
import { movedClock, mustRenew, renewedClock, steadyNow, type LeaseThreadData, type LeaseThreadMessage } from './lease-timing.ts'
import { removeProcessLock, takeProcessLock } from './process-lock.ts'
import { renewLease } from './statements/renew-lease.ts'

/** Waiting for the write lock may block this thread: nobody else runs in it. */
const lockWaitMs = 1_000

const data = workerData as LeaseThreadData
const stallWatch = createStallWatch(data.watchClosed)
const lock = takeProcessLock(data.lockPath)
const connection = new Connection(data.file, lockWaitMs)
let renewedAt = 0
let isDead = false

function look(): void {
  const now = steadyNow()
  const lastRenewedAt = Math.max(Number(Atomics.load(data.clocks, renewedClock)), renewedAt)
  const lastMovedAt = Number(Atomics.load(data.clocks, movedClock))
  stallWatch.look(now - lastMovedAt)
  if (isDead || !mustRenew({ now, lastRenewedAt, lastMovedAt }, data.timing)) return
  try {
    isDead = connection.run(renewLease, Date.now(), data.incarnation) === 0
    renewedAt = now
  } catch {
    // Busy, or the disk failed: the next look tries again. Without this thread the process lock would be given up.
  }
}

const timer = setInterval(look, data.timing.lookMs)
parentPort?.once('message', () => {
  stallWatch.close()
  clearInterval(timer)
  connection.close()
  lock.close()
  removeProcessLock(data.lockPath)
})
parentPort?.postMessage({ type: 'locked' } satisfies LeaseThreadMessage)
