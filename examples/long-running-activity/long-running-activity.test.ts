import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { CancelledFailure, Engine, WorkflowFailedError } from 'perdure'
import { activityInfo, ApplicationFailure, heartbeat } from 'perdure/activity'
import * as activities from './activities.ts'
import { drawRows, headerOf, readScene, type Scene } from './scene.ts'
import { picture } from './workflows.ts'

process.env['PERDURE_LOG_LEVEL'] ??= 'error'
const small: Scene = { ...readScene(), width: 30, height: 21, iterations: 50 }
const whole = (scene: Scene) => Buffer.concat([headerOf(scene), drawRows(scene, 0, scene.height)])

describe('long-running activity', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-long-running-'))
  after(() => rmSync(folder, { recursive: true }))

  async function openEngine(drawPicture = activities.drawPicture): Promise<Engine> {
    const engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ picture })
    engine.activities.register({ ...activities, drawPicture })
    await engine.start()
    return engine
  }

  it('draws a picture in one attempt when nothing happens', async () => {
    await using engine = await openEngine()
    const path = join(folder, 'small.pgm')
    assert.deepEqual(await engine.workflows.execute(picture, { args: [small, path] }), { attempt: 1, firstRow: 0 })
    const drawn = readFileSync(path)
    assert.deepEqual(drawn, whole(small))
    assert.equal(drawn.subarray(0, 12).toString(), 'P5\n30 21\n255')
    assert.ok(new Set(drawn.subarray(13)).size > 5, 'it is of one colour')
  })

  it('goes on from the last heartbeat, and draws no row before it', async () => {
    await using engine = await openEngine(async (scene, path) => {
      if (activityInfo().attempt > 1) return activities.drawPicture(scene, path)
      heartbeat({ rowsDone: 8 })
      throw ApplicationFailure.retryable('the power went out')
    })
    const path = join(folder, 'resumed.pgm')
    assert.deepEqual(await engine.workflows.execute(picture, { args: [small, path] }), { attempt: 2, firstRow: 8 })
    const expected = whole(small)
    const header = headerOf(small).length
    expected.fill(0, header, header + 8 * small.width)
    assert.deepEqual(readFileSync(path), expected)
  })

  it('stops when it is cancelled, and leaves no file', async ({ signal }) => {
    await using engine = await openEngine()
    const path = join(folder, 'endless.pgm')
    const handle = await engine.workflows.start(picture, { args: [{ ...small, height: 100_000_000 }, path] })
    while ((await handle.describe()).pendingActivities[0]?.heartbeatDetails === undefined) await setImmediate(undefined, { signal })
    assert.ok(existsSync(path))
    await handle.cancel()
    await assert.rejects(handle.result(), (error) => error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure)
    assert.equal(existsSync(path), false)
    const events = (await handle.history()).map(({ eventType }) => eventType)
    assert.ok(events.includes('ActivityTaskCanceled'), events.join())
  })

  it('survives kill -9 of its worker when it is run', () => {
    const kept = join(folder, 'kept')
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts'), kept], { encoding: 'utf8' })
    const lastOf = (pattern: RegExp) => [...printed.matchAll(pattern)].at(-1) ?? []
    const [, killed, reported] = lastOf(/^worker (\d+) was killed; it had reported (\d+) rows$/gm)
    const [, successor, firstRow, attempt] = lastOf(/^worker (\d+) went on at row (\d+), in attempt (\d+)$/gm)
    assert.notEqual(successor, killed)
    assert.ok(Number(reported) >= 80 && Number(firstRow) >= Number(reported) && Number(attempt) > 1, printed)
    assert.match(printed, /^a second picture was cancelled when \d+ rows were reported; its activity stopped$/m)
    assert.deepEqual(readdirSync(kept), ['mandelbrot.pgm'])
    const [, iterations] = lastOf(/^worker \d+ draws 320 rows, (\d+) iterations each$/gm)
    assert.ok(readFileSync(join(kept, 'mandelbrot.pgm')).equals(whole({ ...readScene(), iterations: Number(iterations) })))
  })
})
