/** A million workflows started and run by one process: what it has resident meanwhile. */
import type { Workflow } from '../engine-adapter.ts'
import { perdure } from '../engines/perdure.ts'
import { runLoad } from '../load.ts'
import type { Point, PointFigures } from './point.ts'

const inFlight = 1_000
const secondsMax = 480
const samples = 100

export async function memoryPoint({ x: workflows, target }: Point): Promise<PointFigures> {
  const engine = await perdure.openEngine(target, 'S2')
  const course: { x: number; y: number }[] = []
  const every = Math.ceil(workflows / samples)
  let begun = 0
  let ended = 0
  const took = await runLoad({
    workflows, inFlight, secondsMax,
    next: (): Workflow => ({ type: 'chain', id: `w${begun++}`, steps: 1 }),
    execute: async (workflow) => {
      await engine.execute(workflow)
      if (++ended % every === 0) course.push({ x: ended, y: process.memoryUsage.rss() / 2 ** 20 })
    },
  })
  const { workflows: completed } = await engine.countCompleted()
  if (completed !== took.workflows) throw new Error(`${completed} workflows are completed, where ${took.workflows} were executed`)
  await engine.close()
  const last = course.slice(-10)
  const resident = last.reduce((sum, sample) => sum + sample.y, 0) / last.length
  return { values: { resident: [resident], rate: [took.workflows / took.seconds] }, course }
}
