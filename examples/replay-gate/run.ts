/**
 * Histories as a gate: does the next version of the code fit what is running? `npx node examples/replay-gate/run.ts`
 *
 * From the command line: `perdure workflow export -w order-7 > order-7.json`, and `perdure replay order-7.json` before the next version.
 */
import { Engine } from 'perdure'
import { NondeterminismError, runReplayHistory } from 'perdure/testing'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'
import * as next from './workflows-next.ts'

const engine = await Engine.open({ database: ':memory:' })
engine.workflows.register(workflows)
engine.activities.register(activities)
await engine.start()
await engine.workflows.execute(workflows.dispatch, { workflowId: 'order-7', args: ['lamp'] })
const history = await engine.workflows.fetchHistory('order-7')
await engine.stop()

await runReplayHistory({ workflows }, history)
console.log('The code that made the history fits it.')
try {
  await runReplayHistory({ workflows: next }, history)
} catch (error) {
  if (!(error instanceof NondeterminismError)) throw error
  const { expected, got } = error.mismatch
  console.log(`The next version does not:\n  expected  ${expected}\n  got       ${got}`)
}
