/** A disk that fills up. It is a small file system in memory, so only root can try it. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Harm, HarmFolder } from '../harm.ts'

const fullMsMax = 1_500
const betweenMs = 1_000
const chunkBytes = 64 * 1024

export const fullDisk: Harm = {
  name: 'full-disk', about: 'the disk of the database is filled to the last byte under load, and freed again',
  stores: ['sqlite', 'postgres'], times: 5, workflows: 150,
  folder: smallDisk,
  harm: async (place, traffic, times) => {
    const workers = [place.addWorker(), place.addWorker()]
    await Promise.all(workers.map(({ ready }) => ready))
    let filled = 0
    while (filled < times) {
      await pause(place.random() * betweenMs)
      await traffic.remember()
      const ballast = fill(place.folder)
      await pause(500 + place.random() * fullMsMax)
      rmSync(ballast)
      // A server that could not write its log has given up; whoever runs it starts it again.
      if (place.cluster !== undefined) await place.cluster.restart()
      filled++
    }
    return `${filled} times full`
  },
}

function smallDisk(): HarmFolder | string {
  const path = mkdtempSync(join(tmpdir(), 'perdure-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=0777', 'tmpfs', path])
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true, force: true })
    return 'a file system of its own cannot be mounted here (only root may)'
  }
  return {
    path,
    remove: () => {
      spawnSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

/** Writes until nothing fits any more. */
function fill(folder: string): string {
  const path = join(folder, 'ballast')
  const file = openSync(path, 'w')
  try {
    for (let chunk = Buffer.alloc(chunkBytes); chunk.length > 0;) {
      try {
        writeSync(file, chunk)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        chunk = chunk.subarray(0, chunk.length >> 1)
      }
    }
  } finally {
    closeSync(file)
  }
  return path
}
