/**
 * A worker process to be harmed: `node worker.ts <database> <log file> [tickMs] [leaseMs]`; says `ready` to its parent once it
 * serves. PERDURE_TEST_CLOCK_MS is how far its clock is off.
 */
import './skewed-clock.ts'
import { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import { family, fanOut, half, racing, signalled, timed } from './mixed-workflows.ts'
import * as workflows from './workflows.ts'

const [, , database, logFile, tickMs = '100', leaseMs = '5000'] = process.argv
if (database === undefined || logFile === undefined) throw new Error('usage: worker.ts <database> <log file> [tickMs] [leaseMs]')

// A build of its own: what was held because its workers were killed five times in a row, which chance may do here, goes on.
const worker = { tickMs: Number(tickMs), leaseMs: Number(leaseMs), buildId: `${process.pid} ${Date.now()}` }
const engine = await Engine.open({ database, worker })
engine.workflows.register({ ...workflows, family, fanOut, half, racing, signalled, timed })
engine.activities.register({ ...createActivities(logFile) })
await engine.start()
// Its parent may have ended meanwhile.
if (process.connected) {
  process.once('disconnect', () => void engine.stop())
  process.send?.('ready', () => undefined)
} else {
  await engine.stop()
}
