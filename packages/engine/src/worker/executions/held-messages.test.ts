import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { condition, defineSignal, defineUpdate, DeterminismViolationError, getExternalWorkflowHandle, setHandler } from '@perdure/workflow'
import { namespace, nextLook, openStage, type Stage } from '../../../test/worker-stage.ts'
import { WithStartWorkflowOperation } from '../../client/with-start.ts'
import { asRunId } from '../../protocol/ids.ts'
import { terminateRequestedByParent } from '../../protocol/parent-close.ts'
import type { OutgoingOutcome } from '../../protocol/transition.ts'

const go = defineSignal('go')
const note = defineSignal('note')
const echo = defineUpdate<string, [string]>('echo')

interface Scene {
  readonly stage: Stage
  broken: boolean
}

function open(t: TestContext): Scene {
  const scene = { broken: true }
  const stage = openStage(t, {
    workflows: {
      patient: async () => {
        let gone = false
        setHandler(echo, (text) => text)
        setHandler(go, () => { gone = true })
        setHandler(note, () => undefined)
        await condition(() => {
          if (gone && scene.broken) throw new Error('broken')
          return gone
        })
      },
      brokenAtOnce: async () => {
        if (scene.broken) throw new DeterminismViolationError('broken')
        setHandler(echo, (text) => text)
        let gone = false
        setHandler(go, () => { gone = true })
        await condition(() => gone)
      },
      teller: async () => {
        await getExternalWorkflowHandle('other').signal(note)
        await condition(() => false)
      },
    },
  })
  return Object.assign(scene, { stage })
}

async function looksUntil(stage: Stage, done: () => Promise<boolean>): Promise<void> {
  while (!await done()) await nextLook(stage)
}

async function isHeld(stage: Stage): Promise<boolean> {
  return ((await stage.store.getExecution(namespace, 'w', null))?.held ?? null) !== null
}

describe('a hold', () => {
  test('keeps what became of updates whose events it keeps', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    const handle = await client.start('patient', { workflowId: 'w' })
    const sent = Promise.withResolvers<void>()
    const passing = Promise.withResolvers<void>()
    stage.onCommit = async (batch, forward) => {
      stage.onCommit = (next, pass) => pass(next)
      sent.resolve()
      await passing.promise
      return forward(batch)
    }
    await handle.signal(note)
    await sent.promise
    // While that commit is under way, one unit gathers an update, its end, and what the execution is held for.
    const unread = async (): Promise<number> => (await stage.store.readMessages(asRunId(handle.runId), 10)).length
    const updated = handle.executeUpdate(echo, { args: ['heard'] })
    await looksUntil(stage, async () => await unread() === 2)
    await nextLook(stage)
    await nextLook(stage)
    await handle.signal(go)
    await nextLook(stage)
    await nextLook(stage)
    passing.resolve()
    await looksUntil(stage, () => isHeld(stage))
    assert.equal(await updated, 'heard')
    scene.broken = false
    stage.aheadMs = 3_000
    await handle.result({ timeout: '20 seconds' })
  })

  test('in the first activation leaves updates of the start to be handled by whoever goes on', async (t) => {
    const scene = open(t)
    const { stage } = scene
    const { client } = await stage.addWorker()
    const startWorkflowOperation = new WithStartWorkflowOperation('brokenAtOnce', { workflowId: 'w', workflowIdConflictPolicy: 'FAIL' })
    const updated = client.executeUpdateWithStart(echo, { args: ['heard'], startWorkflowOperation })
    await looksUntil(stage, () => isHeld(stage))
    scene.broken = false
    stage.aheadMs = 3_000
    assert.equal(await updated, 'heard')
    const handle = client.getHandle('w')
    await handle.signal(go)
    await handle.result({ timeout: '20 seconds' })
  })
})

test('an execution that its parent ends while a request is under way is ended also when its worker dies before the close', async (t) => {
  const { stage } = open(t)
  const first = await stage.addWorker()
  stage.onCommit = async (batch, forward) => {
    const busy = new Map(batch.transitions.flatMap(({ runId, outgoing = [] }) => (
      outgoing.length === 0 ? [] : [[runId, outgoing.map((): OutgoingOutcome => 'busy')] as const])))
    const transitions = batch.transitions.map((transition) => ({ ...transition, outgoing: [] }))
    const outcome = await forward({ ...batch, transitions })
    return outcome.type === 'fenced' ? outcome : { ...outcome, outgoing: busy }
  }
  const { runId } = await first.client.start('teller', { workflowId: 'w' })
  const { type, data } = terminateRequestedByParent
  await stage.store.post([{ namespace, workflowId: 'w', runId: asRunId(runId), type, data }])
  const isRead = (): boolean => stage.commits.length > 1
  await looksUntil(stage, async () => isRead())
  for (let looks = 0; looks < 3; looks++) await nextLook(stage)
  await first.crash()
  stage.onCommit = (batch, forward) => forward(batch)
  await stage.addWorker()
  stage.aheadMs = 6_000
  await looksUntil(stage, async () => (await stage.store.getExecution(namespace, 'w', null))?.status !== 'RUNNING')
  assert.equal((await stage.store.getExecution(namespace, 'w', null))?.status, 'TERMINATED')
})
