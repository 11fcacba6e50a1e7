/**
 * Lets a process die at every SQL statement: `node tests/crash-points/run.ts [--store sqlite|postgres] [--share 1/10]
 * [--point <name>]`. A name, as it is printed, may be cut short: all points that begin with it are tried.
 */
import { parseArgs } from 'node:util'
import { commandOptions } from '../support/command-options.ts'
import { uncovered } from './coverage.ts'
import { makeDeadWorker, missedMax, record, tryPoints } from './crash-run.ts'
import { openHome } from './home.ts'
import { nameOf, neverReached, pointsOf, shareOf } from './points.ts'
import { scenarios } from './scenarios.ts'
import type { StoreKind } from './statement-registry.ts'

const { values } = commandOptions('npm run crash-points -- [--store sqlite|postgres] [--share 1/10] [--point <name>]', () => parseArgs({
  options: { store: { type: 'string' }, share: { type: 'string', default: '1/1' }, point: { type: 'string', default: '' } },
}))

const atOnce = 4
const toldEach = 100

process.exitCode = await main()

async function main(): Promise<number> {
  const n = Number(/^1\/(\d+)$/.exec(values.share)?.[1])
  if (!(n > 0)) return refuse(`--share is ${values.share}: write 1/10 for a tenth of the points`)
  const named = values.store ?? (values.point === '' ? undefined : values.point.split('/')[0])
  const stores = (['sqlite', 'postgres'] as const).filter(store => named === undefined || store === named)
  if (stores.length === 0) return refuse(`There is no store ${named}: ${storeRemedy(values.store)}`)
  const [ofStore, scenario] = values.point.split('/')
  if (values.point !== '' && values.store !== undefined && ofStore !== values.store) {
    return refuse(`--store is ${values.store}, and the point of ${ofStore}: leave --store out`)
  }
  if (scenario !== undefined && !scenarios.some(({ name }) => name.startsWith(scenario))) {
    return refuse(`There is no scenario '${scenario}'; there are ${scenarios.map(({ name }) => name).join(', ')}`)
  }
  let failed = 0
  for (const store of stores) failed += await tryAll(store, n)
  return failed === 0 ? 0 : 1
}

async function tryAll(store: StoreKind, n: number): Promise<number> {
  const home = await openHome(store)
  try {
    await makeDeadWorker(home)
    const scenario = values.point.split('/')[1]
    const recording = await record(home, scenarios.filter(({ name }) => scenario === undefined || name === scenario))
    const without = values.point === '' ? await uncovered(store, recording) : []
    if (without.length > 0) return refuse(`No scenario issues these statements: ${without.join(', ')}`)
    const points = shareOf(pointsOf(store, recording), n).filter(point => nameOf(point).startsWith(values.point))
    const startedAt = performance.now()
    const { failures: { length: failed }, missed } = await tryPoints(home, points, atOnce, {
      begun: count => { if (count % toldEach === 0) console.log(`${count} of ${points.length} points, ${secondsSince(startedAt)} s`) },
      failed: failure => console.error(failure),
      missed: point => console.log(`not reached: ${nameOf(point)}`),
    })
    console.log(`${store}: ${points.length} points in ${secondsSince(startedAt)} s, ${failed} failed, ${missed.length} not reached`)
    if (missed.length > missedMax(points)) return refuse(`${missed.length} points were not reached: the tap or the recording is wrong`)
    const never = n === 1 && values.point === '' ? neverReached(points, missed) : []
    if (never.length > 0) return refuse(`Of these statements no point was reached, in any scenario: ${never.join(', ')}`)
    if (points.length > 0) return failed
    return refuse(`No point of this run begins with ${values.point}: they are recorded anew each time, and some come seldom; `
      + 'try again, or cut it short')
  } finally {
    await home.close()
  }
}

function storeRemedy(store: string | undefined): string {
  return store === undefined ? 'the name of a point begins with sqlite/ or postgres/' : 'name sqlite or postgres'
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(0)
}

function refuse(message: string): number {
  console.error(message)
  return 2
}
