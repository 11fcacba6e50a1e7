/** The process that dies: `node --import tap.ts process-under-test.ts '<assignments as JSON>'` runs scenarios in turn. */
import { appendFileSync } from 'node:fs'
import type { Assignment } from './assignment.ts'
import { openJournal } from './journal.ts'
import { scenarios, victim } from './scenarios.ts'
import { actsOf, openActivities, openClient, openWorker, patiently } from './stage.ts'

for (const assignment of JSON.parse(process.argv[2] ?? '[]') as readonly Assignment[]) await carryOut(assignment)
// Nothing is left that keeps the process: one that does not end has lost something.

async function carryOut({ scenario: name, database, journalFile, recordFile }: Assignment): Promise<void> {
  const scenario = [...scenarios, victim].find(one => one.name === name)
  if (scenario === undefined) throw new Error(`There is no scenario ${name}`)
  if (recordFile !== undefined) appendFileSync(recordFile, `# ${name}\n`)
  const journal = openJournal(journalFile)
  const { activities, ran } = openActivities(journal)
  const worker = await patiently(() => openWorker(database, activities, scenario.tuning))
  const client = await patiently(() => openClient(database))
  await scenario.run({
    database, journal, worker, client, ran, ...actsOf(client, journal),
    openAnother: tuning => patiently(() => openWorker(database, activities, tuning)),
  })
  await client.stop()
  await worker.stop()
}
