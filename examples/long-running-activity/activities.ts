import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { activityInfo, cancellationSignal, heartbeat } from 'perdure/activity'
import { drawRows, headerOf, type Scene } from './scene.ts'

/** Goes with each heartbeat; the next attempt goes on from the last one that was kept. */
export interface Progress {
  readonly rowsDone: number
}

/** The attempt that finished the picture, and where it began. */
export interface Sitting {
  readonly attempt: number
  readonly firstRow: number
}

/** More rows are fewer heartbeats, and later news of a cancellation: nothing is heard while rows are being drawn. */
const rowsAtOnce = 4

/** Draws into a file. Each row has its place in it and always the same bytes: a row that is drawn twice does no harm. */
export async function drawPicture(scene: Scene, path: string): Promise<Sitting> {
  const { attempt, heartbeatDetails } = activityInfo()
  const firstRow = (heartbeatDetails as Progress | undefined)?.rowsDone ?? 0
  const header = headerOf(scene)
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT)
  await file.write(header, 0, header.length, 0)
  for (let row = firstRow; row < scene.height; row += rowsAtOnce) {
    const rowsDone = Math.min(row + rowsAtOnce, scene.height)
    const rows = drawRows(scene, row, rowsDone)
    await file.write(rows, 0, rows.length, header.length + row * scene.width)
    // On the disk before it is said to be done: the next attempt will not look.
    await file.datasync()
    heartbeat({ rowsDone } satisfies Progress)
    // Cancelled, or over its time: another attempt may have begun.
    cancellationSignal().throwIfAborted()
  }
  return { attempt, firstRow }
}

export async function discardPicture(path: string): Promise<void> {
  await rm(path, { force: true })
}
