/** Who listens to metrics is somebody's code: what it throws stops neither the worker nor the workflow that measured. */
import { listenerWarning, type Measurement, type WorkerParts } from '@perdure/engine'

type Listener = (measurement: Measurement) => unknown

export function measuringTo(onMetric: Listener): NonNullable<WorkerParts['measure']> {
  const tell = listenerWarning('The onMetric given to the engine threw, and measurements are missing')
  return (measurement, { namespace, taskQueue }) => {
    try {
      const answer = onMetric({ ...measurement, tags: { namespace, taskQueue, ...measurement.tags } })
      if (answer instanceof Promise) answer.catch(tell)
    } catch (error) {
      tell(error)
    }
  }
}
