import { CancellationScope, isCancellation, proxyActivities } from 'perdure/workflow'
import type * as activities from './activities.ts'
import type { Scene } from './scene.ts'

const { drawPicture } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 hour',
  // An attempt that is silent for so long is given up, and the next one begins. Short, so that the example is quick to watch.
  heartbeatTimeout: '1 second',
  retry: { initialInterval: '100 ms' },
  // It is over only when the activity has stopped: nobody writes to the file any more.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
})
const { discardPicture } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

/** Draws a picture into a file; cancelled, it leaves none. */
export async function picture(scene: Scene, path: string): Promise<activities.Sitting> {
  try {
    return await drawPicture(scene, path)
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => discardPicture(path))
    throw error
  }
}
