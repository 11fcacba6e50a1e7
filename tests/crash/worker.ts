/** A worker process to be killed: `node worker.ts <database> <log file> [tickMs]`; says `ready` to its parent once it serves. */
import { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import * as workflows from './workflows.ts'

const [, , database, logFile, tickMs = '100'] = process.argv
if (database === undefined || logFile === undefined) throw new Error('usage: worker.ts <database> <log file> [tickMs]')

const engine = await Engine.open({ database, worker: { tickMs: Number(tickMs) } })
engine.workflows.register(workflows)
engine.activities.register({ ...createActivities(logFile) })
await engine.start()
process.send?.('ready')
process.once('disconnect', () => void engine.stop())
