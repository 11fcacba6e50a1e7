/** One kind of harm, done to workflows of all shapes on one store; at the end everything is checked. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresStore } from '@perdure/postgres'
import { createSqliteStore } from '@perdure/sqlite'
import { Engine } from 'perdure'
import { startPostgresCluster } from '../support/postgres-cluster.ts'
import { type Harm, type HarmFolder, type Place, shareOf, type StoreKind } from './harm.ts'
import { createRandom } from '../../packages/testing/src/simulation/random-numbers.ts'
import { type Tally, Traffic } from './traffic.ts'
import { WorkerChild } from './worker-child.ts'

export interface HarmRequest {
  readonly harm: Harm
  readonly kind: StoreKind
  /** Of the amount in full, from 0 to 1. */
  readonly share: number
  readonly seed: number
}

export type HarmResult =
  | { readonly type: 'held'; readonly seen: string; readonly tally: Tally; readonly seconds: number }
  | { readonly type: 'skipped'; readonly why: string }

const openMax = 20
/** A run that goes on for so long waits for what never comes. */
const hungAfterMs = 20 * 60_000

export async function runHarm(request: HarmRequest): Promise<HarmResult> {
  const { harm, kind, share, seed } = request
  const folder = harm.folder?.() ?? temporaryFolder()
  if (typeof folder === 'string') return { type: 'skipped', why: folder }
  const log = temporaryFolder()
  const from = performance.now()
  const home = await openHome(kind, folder.path, join(log.path, 'steps.log'), createRandom(seed))
  const { place } = home
  try {
    const workflows = shareOf(harm.workflows, share)
    const { producer, store, random } = place
    const traffic = new Traffic({ producer, store, logFile: join(log.path, 'steps.log'), random, workflows, openMax })
    const done = traffic.run()
    const seen = harm.harm(place, traffic, shareOf(harm.times, share)).finally(() => traffic.enough())
    await orHung(Promise.all([seen, done]), traffic)
    return { type: 'held', seen: await seen, tally: await traffic.check(), seconds: (performance.now() - from) / 1_000 }
  } finally {
    await home.dispose()
    folder.remove()
    log.remove()
  }
}

async function orHung(done: Promise<unknown>, traffic: Traffic): Promise<void> {
  const { promise: hung, resolve } = Promise.withResolvers<'hung'>()
  const timer = setTimeout(resolve, hungAfterMs, 'hung')
  try {
    if (await Promise.race([done, hung]) !== 'hung') return
    assert.fail(`not over after ${hungAfterMs} ms:\n${(await traffic.unfinished()).join('\n')}`)
  } catch (error) {
    traffic.stop()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

interface Home {
  readonly place: Place
  dispose(): Promise<void>
}

async function openHome(kind: StoreKind, folder: string, logFile: string, random: () => number): Promise<Home> {
  const cluster = kind === 'postgres' ? await clusterIn(folder) : undefined
  const database = await cluster?.createDatabase('harm') ?? join(folder, 'harm.db')
  const store = cluster === undefined ? createSqliteStore({ file: database }) : createPostgresStore({ connectionString: database })
  await store.open()
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const producer = await Engine.open({ database, worker: false, logger })
  const workers: WorkerChild[] = []
  return {
    place: {
      kind, database, folder, store, producer, cluster, random,
      addWorker: (options) => {
        const worker = new WorkerChild(database, logFile, options)
        worker.ready.catch(() => undefined)
        workers.push(worker)
        return worker
      },
    },
    dispose: async () => {
      await Promise.all(workers.map((worker) => worker.kill()))
      await producer.stop()
      await store.close()
      await cluster?.stop()
    },
  }
}

/** A log that is cut often, so that a small disk holds it. */
async function clusterIn(folder: string): ReturnType<typeof startPostgresCluster> {
  const { TMPDIR } = process.env
  process.env['TMPDIR'] = folder
  try {
    return await startPostgresCluster({ max_wal_size: '48MB', min_wal_size: '32MB', shared_buffers: '32MB' })
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
  }
}

function temporaryFolder(): HarmFolder {
  const path = mkdtempSync(join(tmpdir(), 'perdure-harm-'))
  chmodSync(path, 0o755) // the server does not run as root
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
