/** Harm to worker processes. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { PerdureError } from 'perdure'
import type { Harm, Place } from '../harm.ts'
import type { WorkerChild } from '../worker-child.ts'

const workersAtOnce = 3
const pauseMsMax = 300
const lookMs = 50

export const killedWorkers: Harm = {
  name: 'killed-workers', about: 'of three worker processes the oldest is killed (-9) at a random moment, and another started',
  stores: ['sqlite', 'postgres'], times: 200, workflows: 300,
  harm: async (place, traffic, times) => {
    const alive: WorkerChild[] = Array.from({ length: workersAtOnce }, () => place.addWorker())
    let killed = 0
    while (killed < times) {
      await alive[0]?.ready
      await pause(place.random() * pauseMsMax)
      if (killed % 10 === 0) await traffic.remember()
      await alive.shift()?.kill()
      killed++
      alive.push(place.addWorker())
    }
    return `${killed} kills`
  },
}

export const frozenWorker: Harm = {
  name: 'frozen-worker',
  about: 'of two workers one is frozen (SIGSTOP) until the other has taken over, and goes on: it writes nothing, and starts over by itself',
  stores: ['sqlite', 'postgres'], times: 10, workflows: 60,
  harm: async (place, traffic, times) => {
    // A short lease, so that it ends soon.
    const workers = [place.addWorker({ leaseMs: 1_000 }), place.addWorker({ leaseMs: 1_000 })]
    await Promise.all(workers.map(({ ready }) => ready))
    let frozen = 0
    let held = 0
    while (frozen - held < times) {
      await pause(place.random() * pauseMsMax)
      const victim = workers[frozen % workers.length]
      // One that was frozen in a transaction may have been taken over when it went on, and starts over.
      await until(async () => (await incarnations(place))[0].length === workers.length, 'both workers are there')
      const [before, newest] = await incarnations(place)
      await traffic.remember()
      victim?.freeze()
      const isTakenOver = await comesTrue(async () => (await incarnations(place))[0].length < before.length, takeoverMsMax)
      const isLocked = !isTakenOver && await findsLocked(place)
      victim?.thaw()
      if (isTakenOver) await until(async () => (await incarnations(place))[1] > newest, 'the worker that was frozen starts over')
      else {
        // Frozen while it held the lock of the file, it stops everybody: nobody can write, a takeover neither.
        assert.equal(place.kind, 'sqlite', 'the frozen worker is taken over')
        assert.ok(isLocked, 'nobody took over from the frozen worker, though the file could be written')
        held++
        assert.ok(held <= heldMax, `frozen in the middle of a transaction ${held} times: it does nothing else`)
      }
      frozen++
    }
    return `${frozen} times frozen past its lease: taken over and started over ${frozen - held} times`
      + (held === 0 ? '' : `, ${held} times in the middle of a transaction of SQLite, which made all wait`)
  },
}

export const skewedClocks: Harm = {
  name: 'skewed-clocks', about: 'the clocks of two workers are ten minutes apart, and of the right time five each',
  stores: ['postgres'], times: 1, workflows: 100,
  harm: async (place, traffic) => {
    const workers = [5 * 60_000, -5 * 60_000].map((clockMs) => place.addWorker({ clockMs }))
    await Promise.all(workers.map(({ ready }) => ready))
    await until(async () => workers.every(({ pid }) => traffic.pids.has(pid)), 'both workers have run steps')
    traffic.enough()
    await until(async () => traffic.isOver, 'all workflows end')
    return 'two workers, of which each ran steps'
  },
}

/** Somebody is in the middle of a transaction. */
async function findsLocked({ store }: Place): Promise<boolean> {
  try {
    await store.setQueueLimits('default', 'unused', { maxConcurrentActivities: null })
    return false
  } catch (error) {
    return error instanceof PerdureError && error.code === 'STORE_BUSY'
  }
}

/** Those that nobody has taken over from, and the highest number among them. */
async function incarnations({ store }: Place): Promise<readonly [alive: readonly number[], newest: number]> {
  const alive = (await store.listWorkers('default')).filter((worker) => worker.alive).map(({ incarnation }) => incarnation)
  return [alive, Math.max(0, ...alive)]
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  assert.ok(await comesTrue(holds, patienceMs), `waited in vain until ${what}`)
}

async function comesTrue(holds: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const from = Date.now(); Date.now() - from < withinMs; await pause(lookMs)) if (await holds()) return true
  return false
}

const patienceMs = 5 * 60_000
const takeoverMsMax = 15_000
/** How often a worker is frozen in a transaction depends on how long the disk takes to write: on a slow one it is half of the times. */
const heldMax = 30
