/** A worker, as it would run on a server. Started by run.ts: `node worker.ts pictures.db`. */
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

const engine = await Engine.open({ database: process.argv[2] ?? 'pictures.db' })
engine.workflows.register(workflows)
engine.activities.register(activities)
await engine.start()

// Whoever started this worker is gone when the channel closes, even by kill -9.
process.once('disconnect', () => {
  engine.stop().then(() => process.exit(0), (error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
process.send?.('ready')
