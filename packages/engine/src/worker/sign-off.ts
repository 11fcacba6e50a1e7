import { untilNotBusy } from '../client/busy-retry.ts'
import type { Incarnation } from '../protocol/ids.ts'
import type { WorkerParts } from './context/worker-context.ts'

export type SignOffParts = Pick<WorkerParts, 'store' | 'clock' | 'logger'>

/** Without it the others take it for dead: all that it had left waits, and counts a takeover. It never keeps the process for long. */
export async function signOff({ store, clock, logger }: SignOffParts, incarnation: Incarnation): Promise<void> {
  try {
    await untilNotBusy({
      clock, what: `sign-off of worker ${incarnation}`, attempt: () => store.retireWorker(incarnation), repeatable: true,
    })
  } catch (error) {
    logger.warn('The worker could not sign off', { reason: error instanceof Error ? error.message : String(error) })
  }
}
