/**
 * A worker process: `node worker-program.ts <WorkerSetup as JSON>`. Says `ready` to its parent once it serves, starts
 * executions that its parent asks for, and drains on SIGTERM.
 */
import { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import type { StartCommand, WorkerSetup } from './worker-processes.ts'
import * as workflows from './workflows.ts'

const [, , given] = process.argv
if (given === undefined) throw new Error('usage: worker-program.ts <setup>')
const { database, folder, taskQueues, runs, worker, ...options } = JSON.parse(given) as WorkerSetup

const engine = await Engine.open({ database, ...options, taskQueue: taskQueues[0] ?? 'default', worker: { taskQueues, ...worker } })
if (runs !== 'activities') engine.workflows.register(workflows)
if (runs !== 'workflows') engine.activities.register({ ...createActivities(folder) })
await engine.start()
process.on('message', ({ workflow, workflowId, args }: StartCommand) => {
  void engine.workflows.start(workflow, { workflowId, args }).then(() => process.send?.(workflowId))
})
// An activity that heeds nothing would keep the process alive.
process.once('SIGTERM', () => void engine.stop().then(() => process.exit(0)))
process.once('disconnect', () => void engine.stop())
process.send?.('ready')
