/** What executions ask of one another stays in order, also where somebody holds what one request needs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CancellationScope, condition, defineSignal, getExternalWorkflowHandle, isCancellation, setHandler, sleep, startChild,
} from '@perdure/workflow'
import { openStage, type Stage } from '../../../test/worker-stage.ts'
import type { CommitBatch, CommitOutcome, Outgoing, OutgoingOutcome } from '../../protocol/transition.ts'

const go = defineSignal('go')
const word = defineSignal<[string]>('word')

/** Requests that `isBusy` names meet a lock of somebody else: the store carries out everything but them. */
async function busyWhere(
  batch: CommitBatch, forward: (batch: CommitBatch) => Promise<CommitOutcome>, isBusy: (request: Outgoing) => boolean,
): Promise<CommitOutcome> {
  const transitions = batch.transitions.map((transition) => ({
    ...transition, outgoing: (transition.outgoing ?? []).filter((request) => !isBusy(request)),
  }))
  const outcome = await forward({ ...batch, transitions })
  if (outcome.type === 'fenced') return outcome
  const outgoing = new Map(batch.transitions.map(({ runId, outgoing: asked = [] }) => {
    const carried = [...outcome.outgoing?.get(runId) ?? []]
    return [runId, asked.map((request): OutgoingOutcome => (isBusy(request) ? 'busy' : carried.shift() ?? 'busy'))]
  }))
  return { ...outcome, outgoing }
}

/** The first `times` tries of what `isMeant` names are busy. Resolves when the first was. */
function holdBusy(stage: Stage, times: number, isMeant: (request: Outgoing) => boolean): Promise<void> {
  const first = Promise.withResolvers<void>()
  let left = times
  stage.onCommit = async (batch, forward) => {
    const isHere = batch.transitions.some(({ outgoing = [] }) => outgoing.some(isMeant))
    if (!isHere || left-- <= 0) return await forward(batch)
    const outcome = await busyWhere(batch, forward, isMeant)
    first.resolve()
    return outcome
  }
  return first.promise
}

async function sleeping(): Promise<string> {
  try {
    await sleep('1 hour')
    return 'slept'
  } catch (error) {
    if (!isCancellation(error)) throw error
    return 'cancelled'
  }
}

async function cancelling(): Promise<string> {
  let isAsked = false
  setHandler(go, () => { isAsked = true })
  const scope = new CancellationScope()
  const child = scope.run(async () => {
    const handle = await startChild('sleeping', { workflowId: 'child', cancellationType: 'WAIT_CANCELLATION_COMPLETED' })
    return await handle.result() as string
  })
  await condition(() => isAsked)
  scope.cancel()
  return await child
}

test('a child whose start has to be asked again is cancelled by a cancellation that was asked for meanwhile', async (t) => {
  const stage = openStage(t, { workflows: { cancelling, sleeping } })
  const busy = holdBusy(stage, 4, ({ type }) => type === 'start')
  const { client } = await stage.addWorker()
  const handle = await client.start('cancelling', { workflowId: 'parent' })
  await busy
  await handle.signal(go)
  assert.equal(await handle.result({ timeout: '20 seconds' }), 'cancelled')
  assert.equal((await client.describe('child')).status, 'COMPLETED')
})

test('a cancellation of a child that could not be started reaches nobody else who has its workflow id', async (t) => {
  const stage = openStage(t, { workflows: { cancelling, sleeping } })
  const { client } = await stage.addWorker()
  const stranger = await client.start('sleeping', { workflowId: 'child' })
  const busy = holdBusy(stage, 4, ({ type }) => type === 'start')
  const handle = await client.start('cancelling', { workflowId: 'parent' })
  await busy
  await handle.signal(go)
  await assert.rejects(handle.result({ timeout: '20 seconds' }))
  const asked = stage.commits.flatMap(({ batch }) => batch.transitions.flatMap(({ outgoing = [] }) => outgoing.map(({ type }) => type)))
  assert.deepEqual(asked.filter((type) => type === 'message').length, 1)
  const events = await stage.store.readHistory(stranger.runId as never, 0, 10)
  assert.deepEqual(events.map(({ type }) => type), [])
})

async function hearing(): Promise<string> {
  const heard: string[] = []
  setHandler(word, (text) => void heard.push(text))
  await condition(() => heard.length === 4)
  return heard.join(' ')
}

async function telling(): Promise<void> {
  let isAsked = false
  setHandler(go, () => { isAsked = true })
  const other = getExternalWorkflowHandle('hearing')
  const told = [other.signal(word, 'one'), other.signal(word, 'two')]
  await condition(() => isAsked)
  told.push(other.signal(word, 'three'), other.signal(word, 'four'))
  await Promise.all(told)
}

test('signals to one execution arrive in their order, whichever of them has to be asked again', async (t) => {
  const stage = openStage(t, { workflows: { hearing, telling } })
  const { client } = await stage.addWorker()
  const hearer = await client.start('hearing', { workflowId: 'hearing' })
  const busy = holdBusy(stage, 4, ({ type, command }) => type === 'message' && command <= 2)
  const teller = await client.start('telling', { workflowId: 'teller' })
  await busy
  await teller.signal(go)
  assert.equal(await hearer.result({ timeout: '20 seconds' }), 'one two three four')
  await teller.result({ timeout: '20 seconds' })
  const together = stage.commits.flatMap(({ batch }) => batch.transitions.map(({ outgoing = [] }) => outgoing.length))
  assert.ok(together.includes(2), 'those of one activation go along with one another')
})
