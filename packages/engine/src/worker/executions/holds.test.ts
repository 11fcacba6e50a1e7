import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import {
  ActivityFailure, CancellationScope, condition, defineSignal, DeterminismViolationError, isCancellation, proxyActivities, setHandler,
  sleep, TimeoutFailure,
} from '@perdure/workflow'
import { Context } from '@perdure/workflow/activity'
import { namespace, nextLook, openStage, outcomesOf, type Stage, type StageWorker } from '../../../test/worker-stage.ts'
import { StoreRejectedError } from '../../ports/store-error.ts'
import { asRunId } from '../../protocol/ids.ts'

interface Activities {
  act(): Promise<string>
  wait(): Promise<string>
  fail(): Promise<string>
}
const { act } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })
const { wait } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const { fail } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED', retry: { initialInterval: '1 hour' },
})
const { wait: waitTwice } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute', cancellationType: 'ABANDON', retry: { maximumAttempts: 2, initialInterval: 1 },
})
const go = defineSignal('go')

/** What the code of the workflows below does now; another deployment would do something else. */
interface Code {
  broken: boolean
  onGo: () => void
}

interface Scene extends Code {
  readonly stage: Stage
  readonly attempts: PromiseWithResolvers<string>[]
  /** Their numbers, as the activity is told. */
  readonly numbers: number[]
  begun(attempts: number): Promise<void>
  held(): Promise<string>
}

function open(t: TestContext): Scene {
  const attempts: PromiseWithResolvers<string>[] = []
  const numbers: number[] = []
  let changed = Promise.withResolvers<void>()
  const code: Code = { broken: false, onGo: () => undefined }
  const stage = openStage(t, {
    workflows: {
      waiting: async () => {
        if (code.broken) await sleep(1)
        await act()
        setHandler(go, () => code.onGo())
        return wait().catch((error: unknown) => {
          if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) return 'timed out'
          throw error
        })
      },
      stopping: async () => {
        try {
          return await fail()
        } catch (error) {
          return isCancellation(error) ? 'stopped' : String(error)
        }
      },
      abandoning: async () => {
        const scope = new CancellationScope()
        setHandler(go, () => scope.cancel())
        await scope.run(() => waitTwice()).catch(() => undefined)
        await condition(() => false)
      },
      patient: async () => {
        let gone = false
        setHandler(go, () => { gone = true })
        await condition(() => gone)
        return 'gone'
      },
    },
    activities: {
      act: async () => 'acted',
      fail: async () => { throw new Error('not now') },
      wait: () => {
        const attempt = Promise.withResolvers<string>()
        attempts.push(attempt)
        numbers.push(Context.current().info.attempt)
        changed.resolve()
        changed = Promise.withResolvers<void>()
        Context.current().heartbeat('begun')
        return attempt.promise
      },
    },
  })
  return Object.assign(code, {
    stage, attempts, numbers,
    begun: async (count: number) => { while (attempts.length < count) await changed.promise },
    held: async () => {
      for (;;) {
        const held = (await stage.store.getExecution(namespace, 'w', null))?.held
        if (held !== undefined && held !== null) return held.code
        await nextLook(stage)
      }
    },
  })
}

/** Its first rows are not written: what runs without a row is spent when its worker dies. */
async function crashWithoutRow(scene: Scene): Promise<void> {
  const { stage } = scene
  stage.onCommit = (batch, forward) => (
    batch.transitions.some(({ tasks }) => tasks.length > 0) ? new Promise<never>(() => undefined) : forward(batch))
  const first = await stage.addWorker()
  await first.client.start('waiting', { workflowId: 'w' })
  await scene.begun(1)
  await first.crash()
  stage.onCommit = (batch, forward) => forward(batch)
}

/** The first commit with a row is refused, a look after what happens meanwhile. The answer: whether it was. */
function refuseFirstRow(stage: Stage, meanwhile: () => Promise<unknown>): () => boolean {
  let refused = false
  stage.onCommit = async (batch, forward) => {
    if (refused || !batch.transitions.some(({ tasks }) => tasks.length > 0)) return forward(batch)
    refused = true
    await meanwhile()
    await nextLook(stage)
    throw new StoreRejectedError('not this one')
  }
  return () => refused
}

describe('a hold', () => {
  test('does not give an activity with one attempt a second one: its worker died before', async (t) => {
    const scene = open(t)
    const { stage } = scene
    await crashWithoutRow(scene)
    scene.broken = true
    const second = await stage.addWorker()
    stage.aheadMs = 3_000
    assert.equal(await scene.held(), 'nondeterminism')
    scene.broken = false
    stage.aheadMs = 6_000
    assert.equal(await second.client.getHandle('w').result(), 'timed out')
    assert.equal(scene.attempts.length, 1)
  })

  test('keeps the result of an activity that ended in the very turn in which the code failed', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    // The row stays unwritten, so that the result is known to this process alone.
    stage.onCommit = async (batch, forward) => {
      if (batch.transitions.some(({ tasks, release }) => tasks.length > 0 && release === null)) await nextLook(stage)
      return forward(batch)
    }
    scene.onGo = () => {
      scene.attempts[0]?.resolve('result')
      throw new DeterminismViolationError('a violation')
    }
    const handle = await client.start('waiting', { workflowId: 'w' })
    await scene.begun(1)
    await handle.signal(go)
    assert.equal(await scene.held(), 'determinism_violation')
    scene.onGo = () => undefined
    stage.aheadMs = 3_000
    assert.equal(await handle.result(), 'result')
    assert.equal(scene.attempts.length, 1)
  })

  test('that the database refuses does not lose a result whose row was being written', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    const refused = refuseFirstRow(stage, async () => scene.attempts[0]?.resolve('result'))
    const handle = await client.start('waiting', { workflowId: 'w' })
    await scene.begun(1)
    assert.equal(await scene.held(), 'commit_rejected')
    stage.aheadMs = 3_000
    assert.equal(await handle.result(), 'result')
    assert.deepEqual([scene.attempts.length, refused()], [1, true])
  })

  test('that the database refuses counts an attempt that failed while its row was written, and that the code had abandoned', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    refuseFirstRow(stage, async () => {
      await client.getHandle('w').signal(go)
      for (let looks = 0; looks < 5; looks++) await nextLook(stage)
      scene.attempts[0]?.reject(new Error('not now'))
    })
    await client.start('abandoning', { workflowId: 'w' })
    await scene.begun(1)
    assert.equal(await scene.held(), 'commit_rejected')
    stage.aheadMs = 3_000
    await scene.begun(2)
    assert.deepEqual(scene.numbers, [1, 2])
  })

  test('whose own record is refused is sent again with nothing but the hold', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    scene.onGo = () => { throw new DeterminismViolationError('unspeakable') }
    stage.onCommit = async (batch, forward) => {
      if (batch.transitions.some(({ release }) => release?.held?.reason.includes('unspeakable'))) throw new StoreRejectedError('unstorable')
      return forward(batch)
    }
    const handle = await client.start('waiting', { workflowId: 'w' })
    await scene.begun(1)
    await handle.signal(go)
    assert.equal(await scene.held(), 'commit_rejected')
    assert.deepEqual(outcomesOf(stage, 'release'), ['ok'])
  })

  test('of a message that nobody can read leaves other executions alone and the message where it is', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    const other = await client.start('patient', { workflowId: 'other' })
    const { runId } = await client.start('patient', { workflowId: 'w' })
    await stage.store.post([{ namespace, workflowId: 'w', runId: asRunId(runId), type: 'WorkflowExecutionSignaled', data: '{' }])
    await other.signal(go)
    assert.equal(await other.result(), 'gone')
    assert.equal(await scene.held(), 'task_failure')
    assert.match((await client.getHandle('w').describe()).held?.reason ?? '', /Message \d+ in the inbox cannot be read/)
  })
})

describe('a cancellation', () => {
  test('whose event is durable reaches a waiting activity although its worker died right then', async (t) => {
    const { stage } = open(t)
    const first: StageWorker = await stage.addWorker()
    const handle = await first.client.start('stopping', { workflowId: 'w' })
    while ((await stage.store.readTasks(asRunId(handle.runId)))[0]?.attempt !== 2) await nextLook(stage)
    const crashed = Promise.withResolvers<void>()
    stage.onCommit = async (batch, forward) => {
      const outcome = await forward(batch)
      if (!batch.transitions.some(({ cancelTasks }) => cancelTasks.length > 0)) return outcome
      stage.onCommit = (next, pass) => pass(next)
      await first.crash()
      crashed.resolve()
      return outcome
    }
    await handle.cancel()
    await crashed.promise
    const second = await stage.addWorker()
    stage.aheadMs = 3_000
    assert.equal(await second.client.getHandle('w').result(), 'stopped')
  })
})

describe('a takeover', () => {
  test('counts until the execution gets on, or rests', async (t) => {
    const scene = open(t)
    const { stage } = scene
    await crashWithoutRow(scene)
    const second = await stage.addWorker()
    stage.aheadMs = 3_000
    while ((await stage.store.getExecution(namespace, 'w', null))?.takeovers !== 1) await nextLook(stage)
    assert.equal(await second.client.getHandle('w').result(), 'timed out')
    const { runId } = await second.client.start('patient', { workflowId: 'w' })
    await second.crash()
    const takeovers = async () => (await stage.store.getExecution(namespace, 'w', asRunId(runId)))?.takeovers
    const counted: (number | undefined)[] = []
    stage.onCommit = async (batch, forward) => {
      if (batch.transitions.some(({ resetTakeovers }) => resetTakeovers)) counted.push(await takeovers())
      return forward(batch)
    }
    const third = await stage.addWorker()
    stage.aheadMs = 6_000
    while (!counted.includes(1) || await takeovers() !== 0) await nextLook(stage)
    const handle = third.client.getHandle('w')
    await handle.signal(go)
    assert.equal(await handle.result(), 'gone')
  })
})
