/** The process of one point: measures it on an empty database, tells its parent, and ends. */
import { backlogPoint, workersPoint } from './drain-points.ts'
import { historyPoint } from './history-point.ts'
import { memoryPoint } from './memory-point.ts'
import type { Point, PointFigures } from './point.ts'
import { inFlightPoint, payloadPoint } from './throughput-points.ts'

if (import.meta.main) {
  const figures = await measure(JSON.parse(process.argv[2] ?? '') as Point)
  process.send?.(figures, () => process.exit(0))
}

function measure(point: Point): Promise<PointFigures> {
  switch (point.series) {
    case 'inFlight':
      return inFlightPoint(point)
    case 'backlog':
      return backlogPoint(point)
    case 'history':
      return historyPoint(point)
    case 'payload':
      return payloadPoint(point)
    case 'workers':
      return workersPoint(point)
    case 'memory':
      return memoryPoint(point)
  }
}
