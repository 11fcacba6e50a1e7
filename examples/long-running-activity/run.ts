/**
 * Draws a picture; the worker that draws it is killed in the middle, and another one goes on where it was. A second picture
 * is cancelled. `npx node examples/long-running-activity/run.ts [folder]`: the folder keeps the picture. Exit code 0 only if it
 * is whole, and the second one is gone.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Engine, WorkflowFailedError, type WorkflowHandle } from 'perdure'
import type { Progress } from './activities.ts'
import { drawRows, headerOf, readScene, type Scene } from './scene.ts'
import { picture } from './workflows.ts'

const temporary = mkdtempSync(join(tmpdir(), 'perdure-pictures-'))
const folder = process.argv[2] ?? temporary
const database = join(temporary, 'pictures.db')
const workers: ChildProcess[] = []

try {
  mkdirSync(folder, { recursive: true })
  await using engine = await Engine.open({ database, worker: false })
  const holds = await drawOverAKill(engine, readScene()) && await cancelInTheMiddle(engine)
  console.log(holds ? 'The first picture is whole, the second one is gone.' : 'It does not hold.')
  process.exitCode = holds ? 0 : 1
} finally {
  await Promise.all(workers.map((worker) => endOf(worker, () => worker.disconnect())))
  rmSync(temporary, { recursive: true })
}

async function drawOverAKill(engine: Engine, scene: Scene): Promise<boolean> {
  const path = join(folder, 'mandelbrot.pgm')
  const first = await startWorker()
  const handle = await engine.workflows.start(picture, { args: [scene, path] })
  console.log(`worker ${first.pid} draws ${scene.height} rows, ${scene.iterations} iterations each`)
  const reported = await rowsReported(handle, scene.height / 4)
  await endOf(first, () => first.kill('SIGKILL'))
  console.log(`worker ${first.pid} was killed; it had reported ${reported ?? 'all'} rows`)

  const second = await startWorker()
  const { attempt, firstRow } = await handle.result()
  if (attempt === 1) {
    console.log('the picture was whole by then: once more, one that takes longer')
    await endOf(second, () => second.disconnect())
    return drawOverAKill(engine, { ...scene, iterations: 2 * scene.iterations })
  }
  console.log(`worker ${second.pid} went on at row ${firstRow}, in attempt ${attempt}`)
  return reported !== undefined && firstRow >= reported && isWhole(scene, readFileSync(path))
}

async function cancelInTheMiddle({ workflows }: Engine): Promise<boolean> {
  const path = join(folder, 'unwanted.pgm')
  const scene = readScene()
  // Nobody waits for this one: it may take as long as it likes.
  const handle = await workflows.start(picture, { args: [{ ...scene, iterations: 50 * scene.iterations }, path] })
  const reported = await rowsReported(handle, 1)
  await handle.cancel()
  await handle.result().catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error
  })
  const { status } = await handle.getStatus()
  const stopped = (await handle.history()).some(({ eventType }) => eventType === 'ActivityTaskCanceled')
  const ending = stopped ? 'stopped' : 'never heard of it'
  console.log(`a second picture was ${status.toLowerCase()} when ${reported} rows were reported; its activity ${ending}`)
  return status === 'CANCELLED' && stopped && !existsSync(path)
}

/** As soon as so many are, or nothing when it ended before; what a heartbeat said is stored now and then. */
async function rowsReported(handle: WorkflowHandle, least: number): Promise<number | undefined> {
  for (;;) {
    const { status, pendingActivities } = await handle.describe()
    const progress = pendingActivities[0]?.heartbeatDetails as Progress | undefined
    if (progress !== undefined && progress.rowsDone >= least) return progress.rowsDone
    if (status !== 'RUNNING') return undefined
    await pause(20)
  }
}

/** Every tenth row is compared with one that is drawn now. */
function isWhole(scene: Scene, file: Buffer): boolean {
  const { width, height } = scene
  const header = headerOf(scene)
  if (file.length !== header.length + width * height || !file.subarray(0, header.length).equals(header)) return false
  for (let row = 0; row < height; row += 10) {
    const at = header.length + row * width
    if (!file.subarray(at, at + width).equals(drawRows(scene, row, row + 1))) return false
  }
  return true
}

async function startWorker(): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, 'worker.ts'), [database])
  workers.push(worker)
  const [said] = await Promise.race([once(worker, 'message'), once(worker, 'exit').then(() => [])]) as unknown[]
  if (said !== 'ready') throw new Error('The worker ended before it was ready')
  return worker
}

async function endOf(worker: ChildProcess, end: () => void): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const ended = once(worker, 'exit')
  end()
  await ended
}
