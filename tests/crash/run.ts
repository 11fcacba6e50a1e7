/**
 * `npm run harm`: real processes and servers are killed, frozen, cut off and starved, and everything is checked afterwards.
 *
 *     npm run harm                                    all of it, some five minutes
 *     npm run harm -- --share 0.1                     a tenth
 *     npm run harm -- --harm killed-server --store postgres --seed 7
 *     npm run harm -- --json results.json             for the page on reliability
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { commandOptions, wholeNumber } from '../support/command-options.ts'
import { type Harm, type StoreKind } from './harm.ts'
import { runHarm } from './harm-run.ts'
import { fullDisk } from './harms/disks.ts'
import { cutConnections, killedServer, restartedWhileIdle } from './harms/servers.ts'
import { frozenWorker, killedWorkers, skewedClocks } from './harms/workers.ts'

const harms: readonly Harm[] = [killedWorkers, frozenWorker, skewedClocks, killedServer, cutConnections, restartedWhileIdle, fullDisk]
const kinds: readonly StoreKind[] = ['sqlite', 'postgres']

process.exitCode = await main()

async function main(): Promise<number> {
  const usage = 'npm run harm -- [--harm <name>] [--store sqlite|postgres] [--share 0.1] [--seed 7] [--json FILE]'
  const { values } = commandOptions(usage, () => parseArgs({
    options: {
      harm: { type: 'string' }, store: { type: 'string' }, share: { type: 'string' }, seed: { type: 'string' }, json: { type: 'string' },
    },
  }))
  const chosen = harms.filter(({ name }) => values.harm === undefined || name === values.harm)
  const share = Number(values.share ?? 1)
  if (chosen.length === 0) return refuse(`There is no harm '${values.harm}'; there are ${harms.map(({ name }) => name).join(', ')}`)
  if (values.store !== undefined && !kinds.some((kind) => kind === values.store)) return refuse(`--store is one of ${kinds.join(', ')}`)
  if (!(share > 0 && share <= 1)) return refuse('--share is a number above 0, and at most 1: write 0.1 for a tenth')
  const [only] = chosen
  if (values.harm !== undefined && only !== undefined && !only.stores.some((store) => (values.store ?? store) === store)) {
    return refuse(`${only.name} is done to ${only.stores.join(', ')} alone, not to ${values.store}`)
  }
  const seed = commandOptions(usage, () => wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000), 0))
  const results: object[] = []
  let failed = 0
  for (const harm of chosen) {
    for (const kind of harm.stores.filter((store) => values.store === undefined || store === values.store)) {
      const result = await one({ harm, kind, share, seed })
      if (result.type === 'failed') failed++
      results.push({ harm: harm.name, about: harm.about, store: kind, share, seed, ...result })
    }
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
  return failed === 0 ? 0 : 1
}

async function one(request: Parameters<typeof runHarm>[0]) {
  const { harm, kind, share, seed } = request
  const title = `${harm.name} on ${kind}`
  try {
    const result = await runHarm(request)
    if (result.type === 'skipped') console.log(`- ${title}: skipped, ${result.why}`)
    else {
      const { workflows, steps, repeated } = result.tally
      console.log(`✔ ${title}: ${result.seen}; ${workflows} workflows, ${steps} steps, ${repeated} executions of steps more than one each `
        + `(${result.seconds.toFixed(0)} s)`)
    }
    return result
  } catch (error) {
    console.error(`✖ ${title}: ${error instanceof Error ? error.stack : String(error)}`)
    console.error(`  again: npm run harm -- --harm ${harm.name} --store ${kind} --share ${share} --seed ${seed}`)
    return { type: 'failed' as const, error: String(error) }
  }
}

function refuse(message: string): number {
  console.error(message)
  return 1
}
