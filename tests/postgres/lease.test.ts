/** The thread that keeps a lease: against a busy main thread, a hanging one, cut connections, and the end of the process. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { StoreUnavailableError } from '@perdure/engine'
import type { Incarnation } from '@perdure/engine'
import { stallToldMs } from '../../packages/engine/src/limits.ts'
import { keepLease } from '../../packages/postgres/src/lease-keeper.ts'
import { openStage, type Stage, untilTrue } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('lease')
})
after(() => stage.dispose())

const leaseMs = 5_000
const lockClass = 77
const settings = (mainStalledMs: number) => ({
  connectionString: stage.connectionString, schema: 'perdure', applicationName: 'lease under test', location: 'here', lockClass,
  mainStalledMs,
})

const lockHeld = `select exists (select 1 from pg_locks where locktype = 'advisory' and granted and objid = $1::bigint::oid) as yes`

/** Blocks the main thread as user code does that computes. */
function blockMainThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('a keeper holds the process lock until it is stopped, and can be stopped twice', async () => {
  const { incarnation } = await stage.store.registerWorker(stage.arena.registration())
  const keeper = await stage.store.keepLease(incarnation, leaseMs)
  await untilTrue(stage.admin, lockHeld, [incarnation])
  await Promise.all([keeper.stop(), keeper.stop()])
  await untilTrue(stage.admin, `select not (${lockHeld.replace('select ', '').replace(' as yes', '')}) as yes`, [incarnation])
})

test('a main thread that computes keeps its lease', async () => {
  const { incarnation, now } = await stage.store.registerWorker(stage.arena.registration())
  const keeper = await keepLease(settings(60_000), incarnation)
  blockMainThread(2_500)
  const renewedAt = await stage.arena.renewedAt(incarnation)
  await keeper.stop()
  assert.ok(renewedAt > now, 'the thread did not renew')
})

test('a main thread that hangs loses its lease', async () => {
  const { incarnation, now } = await stage.store.registerWorker(stage.arena.registration())
  const keeper = await keepLease(settings(100), incarnation)
  blockMainThread(2_500)
  assert.equal(await stage.arena.renewedAt(incarnation), now)
  keeper.mainMoved()
  await keeper.stop()
})

test('while the main thread renews by itself the thread does not', async () => {
  const { incarnation, now } = await stage.store.registerWorker(stage.arena.registration())
  const keeper = await keepLease(settings(60_000), incarnation)
  for (let turn = 0; turn < 5; turn++) {
    blockMainThread(500)
    keeper.mainRenewed()
  }
  assert.equal(await stage.arena.renewedAt(incarnation), now)
  await keeper.stop()
})

test('a keeper whose connection is cut takes the lock again', async () => {
  const { incarnation } = await stage.store.registerWorker(stage.arena.registration())
  const keeper = await keepLease(settings(60_000), incarnation)
  const holder = async () => {
    const { rows } = await stage.admin.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and granted and classid = $1::bigint::oid and objid = $2::bigint::oid`,
      [lockClass, incarnation])
    return rows[0]?.pid
  }
  await untilTrue(stage.admin, lockHeld, [incarnation])
  const first = await holder()
  await stage.admin.query('select pg_terminate_backend($1, 5000)', [first])
  await untilTrue(stage.admin, lockHeld, [incarnation])
  assert.notEqual(await holder(), first)
  await keeper.stop()
})

test('a keeper that cannot connect says so', async () => {
  const wrong = { ...settings(60_000), connectionString: 'postgres://me@127.0.0.1:1/x', location: '127.0.0.1:1/x' }
  await assert.rejects(keepLease(wrong, 1 as Incarnation), (error: Error) =>
    error instanceof StoreUnavailableError && error.message.includes('127.0.0.1:1/x'))
})

/** A process that keeps a lease and has nothing else to do, but to live for a while. */
async function runToEnd(storeModule: string, aliveMs = 0): Promise<{ readonly code: number | null; readonly output: string }> {
  const program = `
    const { createPostgresStore } = await import(${JSON.stringify(storeModule)})
    const store = createPostgresStore({ connectionString: process.env.URL })
    await store.open()
    const { incarnation } = await store.registerWorker({
      namespace: 'n', identity: 'i', buildId: 'b', taskQueues: [], workflowTypes: [], activityTypes: [], leaseMs: 5000,
    })
    await store.keepLease(incarnation, 5000)
    if (${aliveMs} > 0) await new Promise(resolve => setTimeout(resolve, ${aliveMs}))
    await store.close()
    console.log('kept ' + incarnation)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, URL: stage.connectionString }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = await once(child, 'close') as [number | null]
  return { code, output }
}

test('the thread does not keep its process alive, and the lock is free when the process is gone', async () => {
  const { code, output } = await runToEnd(import.meta.resolve('@perdure/postgres'))
  assert.deepEqual([code, output.slice(0, 5)], [0, 'kept '], output)
  const incarnation = Number(output.slice(5))
  await untilTrue(stage.admin, `select not exists (select 1 from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid
    and database = (select oid from pg_database where datname = current_database())) as yes`, [incarnation])
})

test('a main thread that asks for nothing, as while the server does not answer, is not reported as one that hangs', async () => {
  const { output } = await runToEnd(import.meta.resolve('@perdure/postgres'), stallToldMs + 1_000)
  assert.match(output, /^kept \d+\n$/)
})

test('the thread is found by JavaScript that was built from these sources', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-built-'))
  try {
    const sources = new URL('../../packages/postgres/', import.meta.url).pathname
    symlinkSync(new URL('../../node_modules', import.meta.url).pathname, join(folder, 'node_modules'))
    cpSync(join(sources, 'package.json'), join(folder, 'package.json'))
    for (const path of readdirSync(join(sources, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))) {
      const built = stripTypeScriptTypes(readFileSync(join(sources, 'src', path), 'utf8'))
      const target = join(folder, 'dist', path.replace(/\.ts$/, '.js'))
      mkdirSync(join(target, '..'), { recursive: true })
      writeFileSync(target, built.replaceAll(/(from '\.[^']*)\.ts'/g, `$1.js'`))
    }
    const { code, output } = await runToEnd(join(folder, 'dist/index.js'))
    assert.deepEqual([code, /kept \d+/.test(output)], [0, true], output)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
