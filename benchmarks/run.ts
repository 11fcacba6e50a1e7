/** `npm run bench`: every engine on every scenario, one after another on this machine, with a table of ratios. */
import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { type Databases, openDatabases } from './databases.ts'
import { type EngineName, hasStore, type StoreName } from './engine-adapter.ts'
import { describeMachine, type Machine } from './machine.ts'
import { type Measurement, measureInProcess } from './measurement.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { resultsTable } from './results-table.ts'
import { scenarioOf } from './scenario.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args)
  if (options === undefined) return 1
  if (options === 'help') {
    console.log(usage)
    return 0
  }
  const databases = await openDatabases(options.stores, process.env['DATABASE_URL'] || undefined)
  try {
    const machine = await describeMachine(databases.postgres)
    announce(machine)
    const { results, failures } = await measureAll(options, databases)
    console.log(resultsTable(results))
    console.log('of dbos, of floor: this median divided by theirs in the same run; S3 is a time, so less is better there.')
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ machine, quick: options.quick, results }, null, 2)}\n`)
    for (const failure of failures) console.error(failure)
    return failures.length === 0 && results.length > 0 ? 0 : 1
  } finally {
    await databases.close()
  }
}

function optionsOf(args: readonly string[]): Options | 'help' | undefined {
  try {
    return parseOptions(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(`\n${usage}`)
    return undefined
  }
}

/** Scenario by scenario, so that what is compared was measured close together. */
async function measureAll(options: Options, databases: Databases): Promise<{ results: Measurement[]; failures: string[] }> {
  const results: Measurement[] = []
  const failures: string[] = []
  for (const name of options.scenarios) {
    const scenario = scenarioOf(name, options.quick)
    console.log(`\n${name}: ${scenario.workflows} ${scenario.about}`)
    for (const { engine, store } of contestants(options)) {
      const from = performance.now()
      try {
        const result = await databases.withEmpty(store, (target) => {
          return measureInProcess({ engine, target, scenario: name, quick: options.quick }, scenario)
        })
        results.push(result)
        const effort = `${result.workflows} workflows, ${((performance.now() - from) / 1_000).toFixed(1)} s`
        console.log(`  ${engine} on ${store}: ${result.median.toLocaleString('en')} ${result.unit} (${effort})`)
      } catch (error) {
        const failure = `${name} ${engine} on ${store} failed: ${error instanceof Error ? error.message : String(error)}`
        failures.push(failure)
        console.error(`  ${failure}`)
      }
    }
  }
  console.log()
  return { results, failures }
}

function contestants({ engines, stores }: Options): { engine: EngineName; store: StoreName }[] {
  return engines.flatMap((engine) => stores.filter((store) => hasStore(engine, store)).map((store) => ({ engine, store })))
}

function announce(machine: Machine): void {
  const { cpu, cores, memoryGiB, system, node, sqlite, postgres } = machine
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}; Node ${node}, SQLite ${sqlite}`)
  if (postgres !== null) {
    console.log(`PostgreSQL ${postgres.version} (${postgres.started ? 'started for this run' : 'DATABASE_URL'}), `
      + `fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronousCommit}`)
  }
  if (machine.temporaryInMemory) {
    console.warn('Temporary files lie in memory here: nothing is made durable. Set TMPDIR to a folder on a disk.')
  }
}
