/** A disk that fills up. It is a small file system in memory, so only root can try it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import type { Harm, HarmFolder, Place } from '../harm.ts'

const fullMsMax = 1_500
const betweenMs = 1_000
const lookMs = 10
const patienceMs = 60_000
const sqliteBusy = 5
const sqliteFull = 13
const notFull = `the disk was full for ${patienceMs} ms, and the database went on writing`
const chunkBytes = 64 * 1024

export const fullDisk: Harm = {
  name: 'full-disk', about: 'the disk of the database is filled to the last byte under load, and freed again',
  stores: ['sqlite', 'postgres'], times: 5, workflows: 150,
  folder: smallDisk,
  harm: async (place, traffic, times) => {
    const workers = [place.addWorker(), place.addWorker()]
    await Promise.all(workers.map(({ ready }) => ready))
    let filled = 0
    let restarted = 0
    while (filled < times) {
      await pause(place.random() * betweenMs)
      await traffic.remember()
      const ballast = fill(place.folder)
      await (place.kind === 'sqlite' ? exhaustSqlite(place) : exhaustPostgres(place, filled % 2 === 0 ? moreRows : moreLog))
      await pause(place.random() * fullMsMax)
      rmSync(ballast)
      filled++
      if (place.cluster === undefined || await goesOn(place)) continue
      await place.cluster.restart()
      restarted++
    }
    const said = `${filled} times full, until the database refused to write`
    if (place.kind === 'sqlite') return said
    return `${said}; after ${filled - restarted} of them the server went on by itself, after ${restarted} it had to be started again`
  },
}

const ballastTable = 'create table if not exists ballast (x text)'

/** Space that a database has set aside is there still when the disk is full: it is used up, until it refuses to write. */
async function exhaustSqlite({ database }: Place): Promise<void> {
  const file = new DatabaseSync(database, { timeout: 0 })
  try {
    for (const from = Date.now(); Date.now() - from < patienceMs; await pause(lookMs)) {
      try {
        file.exec(ballastTable)
        file.exec('insert into ballast values (hex(randomblob(50000)))')
      } catch (error) {
        const { errcode } = error as { readonly errcode?: number }
        if (errcode === sqliteFull) return
        if (errcode !== sqliteBusy) throw error
      }
    }
  } finally {
    file.close()
  }
  assert.fail(notFull)
}

/** It refuses what needs more room, and goes on. */
const moreRows = "insert into ballast select string_agg(md5(random()::text), '') from generate_series(1, 3000) g group by g % 50"
/** Without its log it can do nothing at all, and gives up. */
const moreLog = "select pg_logical_emit_message(true, 'ballast', repeat('x', 1000000))"

async function exhaustPostgres({ database }: Place, more: string): Promise<void> {
  const client = new Client({ connectionString: database })
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (more === moreRows) await client.query(ballastTable)
    for (const from = Date.now(); Date.now() - from < patienceMs;) await client.query(more)
  } catch (error) {
    if (!isForWantOfRoom(error)) throw error
    return
  } finally {
    await client.end().catch(() => undefined)
  }
  assert.fail(notFull)
}

/**
 * Whether it writes again once there is room. A server that could not write its log has given up, and recovers by itself; one that
 * found no room for its recovery either is gone, and whoever runs it starts it again.
 */
async function goesOn({ database }: Place): Promise<boolean> {
  for (const from = Date.now(); Date.now() - from < patienceMs; await pause(lookMs)) {
    const client = new Client({ connectionString: database })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(ballastTable)
      await client.query("insert into ballast values ('there is room')")
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false
      if (!isForWantOfRoom(error)) throw error
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return false
}

/** It cannot extend a file; or it could not write its log, and gave up, and its connections with it. */
function isForWantOfRoom(error: unknown): boolean {
  return !(error instanceof DatabaseError) || error.code === '53100' || error.code?.startsWith('57') === true
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
