/** Sessions of the store join in loops only (see session-settings.ts): what is joined as a set costs the square of its number. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Outgoing } from '@perdure/engine'
import { Committer } from '../../packages/postgres/src/committer.ts'
import { post } from '../../packages/postgres/src/statements/post.ts'
import { requestUpdates } from '../../packages/postgres/src/statements/request-updates.ts'
import { transition } from '../conformance/arena.ts'
import { crowd, type Crowd } from './crowd.ts'
import { type ExplainedDatabase, explainedDatabase } from './explained-database.ts'
import { openStage, type Stage } from './stage.ts'

const many = 300
const message = { type: 'S', data: '{}' }

let stage: Stage
let made: Crowd
let explained: ExplainedDatabase
before(async () => {
  stage = await openStage('many_messages')
  made = await crowd(stage, { open: 1_000, closed: 100, unowned: 100 })
  explained = await explainedDatabase(await stage.connect())
})
after(() => stage.dispose())

/** Workflow ids of the crowd, and of nobody. */
const targets = () => Array.from({ length: many }, (_, index) => ({
  namespace: stage.arena.namespace, workflowId: index % 10 === 0 ? `nobody-${index}` : `open-${index + 1}`, runId: null,
}))

async function compared(work: Parameters<ExplainedDatabase['comparedIn']>[0]): Promise<void> {
  const count = await explained.comparedIn(work)
  assert.ok(count <= 2 * many, `${count} comparisons for ${many} messages`)
}

test('messages that are posted together are not compared with each other', async () => {
  await compared(async database => {
    const outcomes = await post(database, targets().map(target => ({ ...target, ...message })))
    assert.deepEqual(outcomes.map(({ type }) => type), targets().map((_, index) => (index % 10 === 0 ? 'not_found' : 'posted')))
    const ids = outcomes.flatMap(outcome => (outcome.type === 'posted' ? [outcome.id] : []))
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b), 'in the order of the messages')
  })
})

test('updates that are asked for together are not compared with each other', async () => {
  await compared(async database => {
    const outcomes = await requestUpdates(database, targets().map(target => ({ ...target, updateId: 'new', message })))
    assert.deepEqual(outcomes.map(({ type }) => type), targets().map((_, index) => (index % 10 === 0 ? 'not_found' : 'requested')))
  })
})

test('messages of one execution to many others are not compared with each other', async () => {
  const [runId] = made.runs
  assert.ok(runId !== undefined)
  const outgoing = targets().map((target, index): Outgoing => ({
    type: 'message', command: index + 1, to: { ...target, firstRunId: null }, message, done: message, refused: message,
  }))
  await compared(async database => {
    const outcome = await new Committer(database).commit({
      incarnation: made.me.incarnation, starts: [], transitions: [transition(runId, { outgoing })],
    })
    assert.ok(outcome.type === 'committed')
    const outcomes = outcome.outgoing?.get(runId)
    assert.deepEqual(outcomes, targets().map((_, index) => (index % 10 === 0 ? 'refused' : 'done')))
  })
})
