/** Opens the database given when it is told to, starts, runs one workflow, and tells its parent what came of it. */
import { Engine } from 'perdure'
import { workflowInfo } from 'perdure/workflow'

const [, , database, workflowId] = process.argv
if (database === undefined || workflowId === undefined) throw new Error('usage: opening-program.ts <database> <workflow id>')

export interface Opened {
  readonly result: unknown
  /** Of opening, starting, running the workflow, and stopping. */
  readonly tookMs: readonly number[]
}

process.once('message', () => void open(database, workflowId).then(tell, (error: unknown) => tell({ result: String(error), tookMs: [] })))
process.send?.('loaded')

async function open(file: string, id: string): Promise<Opened> {
  const times = [performance.now()]
  const engine = await Engine.open({ database: file })
  times.push(performance.now())
  engine.workflows.register('named', async () => workflowInfo().workflowId)
  await engine.start()
  times.push(performance.now())
  const result = await engine.workflows.execute('named', { workflowId: id })
  times.push(performance.now())
  await engine.stop()
  times.push(performance.now())
  return { result, tookMs: times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0))) }
}

function tell(told: Opened): void {
  process.send?.(told, undefined, undefined, () => process.disconnect())
}
