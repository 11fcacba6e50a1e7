/** Points that drain a backlog: how large it is, how many workers drain it. */
import { drain, startInBulk } from '../backlog.ts'
import { drainRate } from '../drain-rate.ts'
import { perdure } from '../engines/perdure.ts'
import type { Point, PointFigures } from './point.ts'

const startsAtOnce = 50_000
const backlogOfWorkers = 100_000

export function backlogPoint(point: Point): Promise<PointFigures> {
  return drained(point, point.x, 1)
}

export function workersPoint(point: Point): Promise<PointFigures> {
  return drained(point, Math.ceil(backlogOfWorkers * point.share), point.x)
}

async function drained({ target }: Point, workflows: number, workers: number): Promise<PointFigures> {
  const client = await perdure.openClient(target, 'S5')
  let seconds = 0
  for (let started = 0; started < workflows; started += startsAtOnce) {
    seconds += (await startInBulk(client, `from-${started}`, Math.min(startsAtOnce, workflows - started))).seconds
  }
  const samples = await drain(client, { engine: 'perdure', target, scenario: 'S5' }, workflows, workers)
  await client.close()
  const rate = drainRate(samples)
  return { values: { drain: rate === undefined ? [] : [rate], startMany: [workflows / seconds] } }
}
