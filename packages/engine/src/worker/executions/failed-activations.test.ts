/** An activation that fails is as if it had not been: what it took in is taken in by the next try, which runs other code. */
import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import {
  condition, defineSignal, defineUpdate, DeterminismViolationError, executeChild, patched, proxyActivities, setHandler, sleep,
} from '@perdure/workflow'
import { first, flaky, gatheringRow, go } from '../../../test/gathering-row.ts'
import { namespace, nextLook, openStage, type Stage } from '../../../test/worker-stage.ts'
import { StoreRejectedError } from '../../ports/store-error.ts'
import { asRunId } from '../../protocol/ids.ts'

const note = defineSignal<[string]>('note')
const echo = defineUpdate<string, [string]>('echo')
const { act } = proxyActivities<{ act(): Promise<string> }>({ startToCloseTimeout: '1 minute' })

interface Code {
  broken: boolean
  /** Activities and children that were run. */
  runs: number
  /** Fails the activation for as long as the code is broken. */
  check(): void
}

interface Scene extends Code {
  readonly stage: Stage
}

function open(t: TestContext, workflowOf: (code: Code) => () => Promise<unknown>): Scene {
  const code: Code = {
    broken: true, runs: 0,
    check: () => { if (code.broken) throw new DeterminismViolationError('broken') },
  }
  const stage = openStage(t, {
    workflows: { w: workflowOf(code), child: async () => { code.runs++ } },
    activities: { act: async () => { code.runs++; return 'acted' } },
  })
  return Object.assign(code, { stage })
}

function way(): string {
  return patched('mended') ? 'new' : 'old'
}

async function held(stage: Stage): Promise<void> {
  while (((await stage.store.getExecution(namespace, 'w', null))?.held ?? null) === null) await nextLook(stage)
}

function mend(scene: Scene): void {
  scene.broken = false
  scene.stage.aheadMs = 3_000
}

async function typesOf(stage: Stage, runId: string): Promise<string[]> {
  return (await stage.store.readHistory(asRunId(runId), 0, 100)).map(({ type }) => type)
}

/** What comes in front of the activation that fails, and what it was to take in. */
const activations: Readonly<Record<string, (code: Code) => () => Promise<unknown>>> = {
  'the call of the workflow function': ({ check }) => async () => {
    check()
    return way()
  },
  'a timer': ({ check }) => async () => {
    await sleep(20)
    check()
    return way()
  },
  'the end of an activity': ({ check }) => async () => {
    await act()
    check()
    return way()
  },
  'the end of a child': ({ check }) => async () => {
    await executeChild('child', { workflowId: 'child' })
    check()
    return way()
  },
}

suite('mended code takes the new way of a patch where broken code had failed, at', () => {
  for (const [name, workflowOf] of Object.entries(activations)) {
    test(name, async (t) => {
      const scene = open(t, workflowOf)
      const { stage } = scene
      const { client } = await stage.addWorker()
      const handle = await client.start('w', { workflowId: 'w' })
      await held(stage)
      mend(scene)
      assert.equal(await handle.result({ timeout: '20 seconds' }), 'new')
      assert.ok(scene.runs <= 1, `${scene.runs} runs`)
    })
  }

  test('a signal, behind an activation whose event stays', async (t) => {
    const scene = open(t, ({ check }) => async () => {
      let got = ''
      setHandler(note, (text) => {
        if (text === 'first') return
        check()
        got = way()
      })
      await condition(() => got !== '')
      return got
    })
    const { stage } = scene
    const { client } = await stage.addWorker()
    const handle = await client.start('w', { workflowId: 'w' })
    await handle.signal(note, 'first')
    while ((await typesOf(stage, handle.runId)).length === 0) await nextLook(stage)
    await handle.signal(note, 'second')
    await held(stage)
    assert.deepEqual(await typesOf(stage, handle.runId), ['WorkflowExecutionSignaled'])
    mend(scene)
    assert.equal(await handle.result({ timeout: '20 seconds' }), 'new')
    assert.deepEqual(await typesOf(stage, handle.runId), ['WorkflowExecutionSignaled', 'PatchMarked', 'WorkflowExecutionSignaled'])
  })
})

test('signals that came before the call of the workflow function still do', async (t) => {
  const scene = open(t, ({ check }) => async () => {
    const order: string[] = []
    check()
    setHandler(note, (text) => { order.push(text) })
    await Promise.resolve()
    order.push('main')
    await condition(() => order.length === 2)
    return order
  })
  const { stage } = scene
  const { client } = await stage.addWorker()
  const handle = await client.signalWithStart('w', { workflowId: 'w', signal: note, signalArgs: ['signal'] })
  await held(stage)
  assert.deepEqual(await typesOf(stage, handle.signaledRunId), [])
  assert.equal((await stage.store.getExecution(namespace, 'w', null))?.firstTaskAt, null)
  mend(scene)
  assert.deepEqual(await client.getHandle('w').result({ timeout: '20 seconds' }), ['signal', 'main'])
})

test('an update whose handler failed the activation is not accepted, and answered by mended code', async (t) => {
  const scene = open(t, ({ check }) => async () => {
    let isTold = false
    setHandler(echo, (text) => {
      check()
      isTold = true
      return `${text}, ${way()}`
    })
    await condition(() => isTold)
  })
  const { stage } = scene
  const { client } = await stage.addWorker()
  const handle = await client.start('w', { workflowId: 'w' })
  const updated = handle.executeUpdate(echo, { args: ['heard'] })
  await held(stage)
  assert.deepEqual(await typesOf(stage, handle.runId), [])
  mend(scene)
  assert.equal(await updated, 'heard, new')
  await handle.result({ timeout: '20 seconds' })
})

test('an update that an earlier activation accepted stays accepted when its end cannot be carried out', async (t) => {
  const scene = open(t, ({ check }) => async () => {
    let left = 1
    setHandler(echo, async (text) => {
      await act()
      check()
      left = 0
      return `${text}, ${way()}`
    })
    await condition(() => left === 0)
  })
  const { stage } = scene
  const { client } = await stage.addWorker()
  const handle = await client.start('w', { workflowId: 'w' })
  const updated = handle.executeUpdate(echo, { args: ['heard'] })
  await held(stage)
  assert.deepEqual(await typesOf(stage, handle.runId), ['WorkflowExecutionUpdateAccepted'])
  mend(scene)
  assert.equal(await updated, 'heard, new')
  assert.equal(scene.runs, 1)
})

test('an attempt that its worker took along counts, though the activation that takes over fails', async (t) => {
  const { once } = proxyActivities<{ once(): Promise<string> }>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
  const begun = Promise.withResolvers<void>()
  let runs = 0
  let isBroken = false
  const stage = openStage(t, {
    workflows: {
      w: async () => {
        if (isBroken) throw new DeterminismViolationError('broken')
        return await once().catch(() => 'lost')
      },
    },
    activities: {
      once: async () => {
        begun.resolve()
        return ++runs === 1 ? await new Promise<string>(() => undefined) : 'run again'
      },
    },
  })
  const dying = await stage.addWorker()
  const handle = await dying.client.start('w', { workflowId: 'w', startDelay: 1 })
  await begun.promise
  await dying.crash()
  isBroken = true
  const { client } = await stage.addWorker()
  stage.aheadMs = 6_000
  await held(stage)
  isBroken = false
  stage.aheadMs = 12_000
  assert.equal(await client.getHandle('w', handle.runId).result({ timeout: '20 seconds' }), 'lost')
  assert.equal(runs, 1)
})

test('an attempt that becomes a row by the activation that fails is written with what else is kept', async (t) => {
  const hasFailed = Promise.withResolvers<void>()
  let isBroken = true
  const { stage, run } = gatheringRow(t, async () => {
    void flaky().catch(() => undefined)
    await Promise.all([first(), go()])
    if (!isBroken) return
    hasFailed.resolve()
    throw new DeterminismViolationError('broken')
  })
  const handle = await run(hasFailed.promise)
  await held(stage)
  for (const { batch } of stage.commits) {
    const runs = batch.transitions.map(({ runId }) => runId)
    assert.deepEqual(runs, [...new Set(runs)], 'a commit has one transition of a run')
  }
  const rows = stage.commits.flatMap(({ batch }) => batch.transitions).flatMap(({ tasks }) => tasks)
  assert.deepEqual(rows.map(({ activityType, attempt }) => [activityType, attempt]), [['flaky', 2]])
  isBroken = false
  stage.aheadMs = 3_000
  await handle.result({ timeout: '20 seconds' })
})

test('a first activation that the database refused is as if it had not been: its patches are new to the next one', async (t) => {
  let refused = 0
  const stage = openStage(t, {
    workflows: {
      w: async () => {
        const taken = way()
        await act()
        return taken
      },
    },
    activities: { act: async () => 'acted' },
  })
  stage.onCommit = async (batch, forward) => {
    if (refused > 0 || !batch.transitions.some(({ events }) => events.length > 0)) return forward(batch)
    refused++
    throw new StoreRejectedError('never')
  }
  const { client } = await stage.addWorker()
  const handle = await client.start('w', { workflowId: 'w', startDelay: 1 })
  await held(stage)
  stage.aheadMs = 3_000
  assert.equal(await handle.result({ timeout: '20 seconds' }), 'new')
  assert.equal(refused, 1)
})
