/** A worker, as it would run on a server: the same engine, the same code, a name. Started by run.ts. */
import { Engine } from 'perdure'
import * as activities from '../order-processing/activities.ts'
import * as workflows from '../order-processing/workflows.ts'

const database = process.argv[2]
if (database === undefined) throw new Error('Name the database: node worker.ts orders.db')

// Few at once, so that there is something to watch; the default is 10,000.
const engine = await Engine.open({ database, worker: { maxConcurrentWorkflows: 16 } })
engine.workflows.register(workflows)
engine.activities.register(activities)
await engine.start()

// Whoever started this worker is gone when the channel closes, even by kill -9.
process.once('disconnect', stop)
process.once('SIGTERM', stop)
// A Ctrl-C reaches the whole group; the parent decides what follows.
process.on('SIGINT', () => undefined)
process.send?.('ready')

function stop(): void {
  engine.stop().then(() => process.exit(0), (error: unknown) => {
    console.error(error)
    process.exit(1)
  })
}
