/**
 * The main job: 300 orders on the embedded engine, with a worker killed halfway. `npm start`
 *
 * This process starts the orders and watches; it has no worker of its own. Two worker processes share the SQLite file.
 * At the end what the activities really did is held against what the database says; exit code 0 only if both agree.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Engine } from 'perdure'
import { type Effect, readEffects } from '../order-processing/effect-log.ts'
import { readOrders } from '../order-processing/order-file.ts'
import type { Order } from '../order-processing/order.ts'
import type { orderProcessing } from '../order-processing/workflows.ts'
import { closingTable, closingWords } from './closing-table.ts'
import { openDisplay } from './display.ts'
import { readRecordedOrders, workflowIdOf } from './recorded-orders.ts'
import { takeoverIn } from './takeover.ts'
import { verify } from './verification.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

const folder = process.env['PERDURE_DEMO'] ?? '.perdure-demo'
const database = join(folder, 'orders.db')
const log = join(folder, 'effects.jsonl')
/** Time on the wire of each call, so that there is something to kill in the middle. */
const paceMs = 40
const lookEveryMs = 100
/** Longer than any takeover takes; a run without progress for so long is given up. */
const stalledMs = 20_000

class Interrupted extends Error {}

const display = openDisplay(process.stdout)
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Interrupted()))
process.once('SIGTERM', () => interrupted.abort(new Interrupted()))
try {
  process.exitCode = await main()
} catch (error) {
  display.clear()
  const isAskedFor = interrupted.signal.reason instanceof Interrupted
  if (isAskedFor) console.log('\nInterrupted; the workers are stopped.')
  else console.error(error)
  process.exitCode = isAskedFor ? 130 : 1
}

async function main(): Promise<number> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(log, '')
  const orders = readOrders()
  console.log(`${orders.length} orders, one SQLite file, two worker processes; one of them will be killed.\n`)

  const engine = await Engine.open({ database, worker: false })
  const workers: WorkerProcess[] = []
  try {
    const opened = await Promise.allSettled(['A', 'B'].map((name) => openWorker(name)))
    for (const each of opened) if (each.status === 'fulfilled') workers.push(each.value)
    for (const each of opened) if (each.status === 'rejected') throw each.reason
    await startOrders(engine, orders)
    return await watch({ engine, orders, workers })
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
    await engine.stop()
  }
}

async function openWorker(name: string): Promise<WorkerProcess> {
  const onLost = (reason: string) => interrupted.abort(new Error(reason))
  const worker = await startWorker({ name, database, log, paceMs, onLost })
  display.say(`worker ${name} runs (pid ${worker.pid})`)
  return worker
}

async function startOrders(engine: Engine, orders: readonly Order[]): Promise<void> {
  await Promise.all(orders.map((order) => {
    return engine.workflows.start<typeof orderProcessing>('orderProcessing', { workflowId: workflowIdOf(order.order_id), args: [order] })
  }))
  display.say(`${orders.length} orders started by this process, which has no worker of its own`)
}

interface Stage {
  readonly engine: Engine
  readonly orders: readonly Order[]
  readonly workers: readonly WorkerProcess[]
}

async function watch(stage: Stage): Promise<number> {
  const { engine, orders, workers } = stage
  const [victim, survivor] = workers
  if (victim === undefined || survivor === undefined) throw new Error('The main job needs two workers')

  await until(stage, (done) => done >= orders.length / 2)
  const killedAt = Date.now()
  await victim.kill()
  display.say(`worker ${victim.name} killed with -9 (pid ${victim.pid}); nobody tells worker ${survivor.name}`)
  const recordedAtKill = await readRecordedOrders(engine)
  await until(stage, (_, effects) => takeoverIn(effects, victim.name, killedAt).continued > 0)
  const { firstAfterMs = 0 } = takeoverIn(readEffects(log), victim.name, killedAt)
  display.say(`worker ${survivor.name} goes on with what ${victim.name} left, ${(firstAfterMs / 1_000).toFixed(1)} s after the kill`)
  await until(stage, (done) => done === orders.length)
  display.clear()
  display.say(`${orders.length} orders done; comparing the activities' own log with the database`)
  await survivor.stop()

  const effects = readEffects(log)
  const verdict = verify({ orders, effects, recorded: await readRecordedOrders(engine), recordedAtKill })
  const takeover = takeoverIn(effects, victim.name, killedAt)
  const ending = { orderCount: orders.length, verdict, takeover, dead: victim.name, effects }
  console.log(`\n${closingTable(ending)}\n${closingWords(ending)}\n`)
  if (verdict.problems.length === 0) console.log(whatNext())
  return verdict.problems.length === 0 ? 0 : 1
}

/** Looks until it is so, showing how far the orders are. */
async function until({ engine, orders }: Stage, isSo: (done: number, effects: readonly Effect[]) => boolean): Promise<void> {
  const { signal } = interrupted
  let effectCount = -1
  let progressAt = performance.now()
  for (;;) {
    signal.throwIfAborted()
    const [completed, failed] = [await engine.workflows.count({ status: 'COMPLETED' }), await engine.workflows.count({ status: 'FAILED' })]
    const effects = readEffects(log)
    display.show({ done: completed, total: orders.length, note: noteOn(effects) })
    if (failed > 0) throw new Error(`${failed} orders failed; look with: npx perdure workflow list -d ${database}`)
    if (isSo(completed, effects)) return
    if (effects.length !== effectCount) [effectCount, progressAt] = [effects.length, performance.now()]
    if (performance.now() - progressAt > stalledMs) throw new Error(`No progress for ${stalledMs / 1_000} s at ${completed} orders`)
    await pause(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

function noteOn(effects: readonly Effect[]): string {
  const done = effects.filter((effect) => effect.outcome === 'done')
  const by = [...Map.groupBy(done, (effect) => effect.worker)].sort(([a], [b]) => a.localeCompare(b))
  return `effects: ${by.map(([worker, its]) => `${worker} ${its.length}`).join(', ')}`
}

function whatNext(): string {
  const file = relative('.', database)
  return [
    'Next:',
    `  npx perdure workflow list -d ${file}`,
    `  npx perdure workflow show -w ${workflowIdOf('ord-0001')} -d ${file}`,
    '  npx node examples/human-approval/run.ts  a workflow that waits for a person',
    '  npm test                                 everything that needs Node alone',
    '  npm run bench -- --quick                 how fast it is, against others',
    '  docs/getting-started.md                  writing your own',
  ].join('\n')
}
