/** Books the trips of bookings.json in this process: `npx node examples/booking-saga/run.ts`. Exit code 0 only if the ledger agrees. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import { audit } from './audit.ts'
import { readBookings } from './booking-file.ts'
import { openLedger } from './ledger.ts'
import { bookingSaga } from './workflows.ts'

// Most of what goes wrong here is meant to; the ledger has it all.
process.env['PERDURE_LOG_LEVEL'] ??= 'error'
const folder = mkdtempSync(join(tmpdir(), 'perdure-bookings-'))
const ledger = openLedger(join(folder, 'ledger.jsonl'))
const bookings = readBookings()

try {
  await using engine = await Engine.open({ database: join(folder, 'bookings.db') })
  engine.workflows.register({ bookingSaga })
  engine.activities.register(createActivities(ledger))
  await engine.start()
  const outcomes = await Promise.all(bookings.map((booking) => {
    return engine.workflows.execute(bookingSaga, { workflowId: `booking-${booking.booking_id}`, args: [booking] })
  }))

  const failed = outcomes.filter((outcome) => outcome.status === 'failed')
  console.log(`${bookings.length} trips: ${bookings.length - failed.length} booked, ${failed.length} failed`)
  for (const { bookingId, reason, undone } of failed) {
    console.log(`  ${bookingId}  ${reason.padEnd(32)}  undone: ${undone.join(', ') || 'nothing was done'}`)
  }
  const entries = ledger.entries()
  const count = (event: string) => entries.filter((entry) => entry.event === event).length
  console.log(`The ledger: ${count('done')} steps done, ${count('undone')} undone, ${count('silent')} calls without an answer`)

  const problems = audit(bookings, outcomes, entries)
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? 'Every trip is booked whole or not at all.' : 'The ledger disagrees.')
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
