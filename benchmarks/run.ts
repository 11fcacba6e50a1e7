/** `npm run bench`: every engine on every scenario, one after another on this machine, with a table of ratios. */
import { writeFileSync } from 'node:fs'
import { commandOptions } from '../tests/support/command-options.ts'
import { type Skipped, whySkipped } from './availability.ts'
import { measureAll, type Outcome } from './bench-run.ts'
import { openDatabases } from './databases.ts'
import { describeMachine, type Machine } from './machine.ts'
import { parseOptions, usage } from './options.ts'
import { compilePrograms } from './programs.ts'
import { resultsTable } from './results-table.ts'

process.env['PERDURE_LOG_LEVEL'] ??= 'error' // as quiet as the other engines
process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const given = commandOptions(usage, () => parseOptions(args))
  if (given === 'help') {
    console.log(usage)
    return 0
  }
  const skipped = given.engines.flatMap((engine) => whySkipped(engine) ?? [])
  const options = { ...given, engines: given.engines.filter((engine) => skipped.every((each) => each.engine !== engine)) }
  const programs = compilePrograms()
  process.once('exit', () => programs.remove())
  const databases = await openDatabases(options.stores, process.env['DATABASE_URL'] || undefined)
  try {
    const machine = await describeMachine(databases.postgres, options.engines)
    announce(machine)
    tellSkipped(skipped)
    const write = ({ results, failures }: Outcome) => {
      const told = { machine, ...options.amounts, results, skipped, failures }
      if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(told, null, 2)}\n`)
    }
    const { results, failures } = await measureAll(options, { databases, programs }, write)
    if (results.length === 0 && failures.length === 0) {
      console.error(`Nothing was measured: no engine that is wanted and installed runs on ${options.stores.join(', ')}`)
      return 1
    }
    console.log(resultsTable(results))
    console.log('of dbos, of floor, ...: this median divided by theirs in the same run; of what is not told per second, less is better.')
    tellSkipped(skipped)
    for (const failure of failures) console.error(failure)
    return failures.length === 0 ? 0 : 1
  } finally {
    await databases.close()
  }
}

function tellSkipped(skipped: readonly Skipped[]): void {
  for (const { engine, reason, remedy } of skipped) console.warn(`skipped: ${engine}: ${reason}. Remedy: ${remedy}`)
}

function announce(machine: Machine): void {
  const { cpu, cores, memoryGiB, system, node, sqlite, postgres, versions } = machine
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}; Node ${node}, SQLite ${sqlite}`)
  if (postgres !== null) {
    console.log(`PostgreSQL ${postgres.version} (${postgres.started ? 'started for this run' : 'DATABASE_URL'}), `
      + `fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronousCommit}`)
  }
  console.log(Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', '))
  if (machine.temporaryInMemory) {
    console.warn('Temporary files lie in memory here: nothing is made durable. Set TMPDIR to a folder on a disk.')
  }
}
