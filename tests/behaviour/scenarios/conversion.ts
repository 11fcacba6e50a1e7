import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { CompositePayloadConverter, type Engine, type HeldDescription, JsonPayloadConverter, UndefinedPayloadConverter } from 'perdure'
import { createEncryptionCodec, createGzipCodec } from 'perdure/codecs'
import { runReplayHistory } from 'perdure/testing'
import type { Payload } from 'perdure/workflow'
import { as, rejectionOf, until, type Scenario, type Stage } from '../stage.ts'
import * as determinism from '../workflows/determinism.ts'
import * as memos from '../workflows/memos.ts'
import * as messages from '../workflows/messages.ts'
import * as steps from '../workflows/steps.ts'
import * as updates from '../workflows/updates.ts'

const bigInts = {
  encodingType: 'text/bigint',
  toPayload: (value: unknown) => typeof value !== 'bigint' ? undefined : {
    metadata: { encoding: new TextEncoder().encode('text/bigint') }, data: new TextEncoder().encode(String(value)),
  },
  fromPayload: <T>({ data }: Payload): T => BigInt(new TextDecoder().decode(data ?? new Uint8Array())) as T,
}
const payloadConverter = new CompositePayloadConverter(new UndefinedPayloadConverter(), bigInts, new JsonPayloadConverter())

/** Of the description that shows it: a moment later the execution may be tried again. */
async function heldFor({ workflows }: Engine, workflowId: string): Promise<HeldDescription> {
  let { held } = await workflows.describe(workflowId)
  await until(async () => ({ held } = await workflows.describe(workflowId)).held !== undefined)
  return held ?? assert.fail('it is not held')
}

/**
 * A namespace of their own: any worker of a namespace ends overdue runs, and what one with codecs writes then, the others
 * cannot read. `plain` sees it without a converter and codecs.
 */
async function apart({ id, engine, openAnother }: Stage): Promise<{ readonly plain: Engine; readonly openAnother: Stage['openAnother'] }> {
  await engine.namespaces.create(id)
  const open: Stage['openAnother'] = (setup) => openAnother({ ...setup, namespace: id })
  return { plain: await open({ worker: false }), openAnother: open }
}

export const conversionScenarios: readonly Scenario[] = [
  {
    name: 'what goes through codecs comes back as it was, and is stored as the codecs made it',
    async run(_t, stage) {
      const { id } = stage
      const { plain, openAnother } = await apart(stage)
      const keys = { k1: randomBytes(32) }
      const payloadCodecs = [createEncryptionCodec({ keyId: 'k1', keys }), createGzipCodec({ minimumBytes: 50 })]
      const engine = await openAnother({ dataConverter: { payloadCodecs } })
      const secret = 'secret '.repeat(20)
      assert.equal(await engine.workflows.execute(steps.greeting, { workflowId: id, args: [secret] }), `Hello, ${secret}!`)
      const handle = await engine.workflows.start(updates.account, { workflowId: `${id}-account`, args: [1], memo: { secret } })
      assert.equal(await handle.executeUpdate(updates.addUp, { args: [2] }), 3)
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 3)
      assert.deepEqual((await handle.describe()).memo, { secret })
      await runReplayHistory({ workflows: { account: updates.account } }, await handle.fetchHistory())
      const { input, result } = await plain.workflows.describe(id)
      for (const each of [input[0], result]) assert.equal((each as { readonly encoded?: string }).encoded, 'binary/encrypted')
      const history = JSON.stringify(await plain.workflows.history(id))
      assert.doesNotMatch(history, /secret/)
    },
  },
  {
    name: 'a payload converter carries values that JSON has not, through workflows, activities, updates and queries',
    async run(_t, stage) {
      const { id } = stage
      const { plain, openAnother } = await apart(stage)
      const engine = await openAnother({ dataConverter: { payloadConverter }, activities: { same: async (value: bigint) => value } })
      const handle = await engine.workflows.start(updates.passesOn, { workflowId: id, args: [12n] })
      for await (const { error } of engine.workflows.replayOpen({ workflowId: id })) assert.ifError(error)
      assert.equal(await handle.executeUpdate(updates.handOver, { args: [7n] }), 7n)
      assert.equal(await handle.result(), 19n)
      assert.equal(await handle.query(updates.handedOver), 7n)
      const recorded = await handle.fetchHistory()
      await runReplayHistory({ workflows: { passesOn: updates.passesOn }, dataConverter: { payloadConverter } }, recorded)
      assert.deepEqual((await plain.workflows.describe(id)).result, { encoded: 'text/bigint', bytes: 2 })
    },
  },
  {
    name: 'the values of a memo go through the payload converter and codecs, search attributes through neither',
    async run(_t, stage) {
      const { id } = stage
      const { plain, openAnother } = await apart(stage)
      const engine = await openAnother({ dataConverter: { payloadConverter } })
      const searchAttributes = { Region: ['eu'] }
      const handle = await engine.workflows.start(memos.passesMemoOn, { workflowId: id, memo: { amount: 5n, note: 'a' }, searchAttributes })
      const first = handle.runId
      assert.deepEqual(await handle.result(), ['5', '15', '6', '105'])
      const changed = await engine.workflows.getHandle(id, first).describe()
      assert.deepEqual([changed.memo, changed.searchAttributes], [{ amount: 6n, note: 'changed' }, searchAttributes])
      const seen = await plain.workflows.getHandle(id, first).describe()
      assert.deepEqual(seen.memo, { amount: { encoded: 'text/bigint', bytes: 1 }, note: 'changed' })

      const payloadCodecs = [createGzipCodec({ minimumBytes: 0 }), createEncryptionCodec({ keyId: 'k1', keys: { k1: randomBytes(32) } })]
      const both = await openAnother({ dataConverter: { payloadConverter, payloadCodecs } })
      const memo = { amount: 7n }
      const other = await both.workflows.start(memos.amountInMemo, { workflowId: `${id}-both`, memo, searchAttributes })
      assert.equal(await other.result(), '7')
      assert.deepEqual((await other.describe()).memo, memo)
      const encoded = await plain.workflows.describe(`${id}-both`)
      assert.equal((encoded.memo as { readonly encoded?: unknown }).encoded, 'binary/encrypted')
      assert.deepEqual(encoded.searchAttributes, searchAttributes)
    },
  },
  {
    name: 'why an execution is held and why a query failed go through codecs, the code of it stays in the clear',
    async run(_t, stage) {
      const { id } = stage
      const { plain, openAnother } = await apart(stage)
      const payloadCodecs = [createEncryptionCodec({ keyId: 'k1', keys: { k1: randomBytes(32) } })]
      const engine = await openAnother({ dataConverter: { payloadCodecs } })
      await engine.workflows.start(determinism.rejectsUnhandled, { workflowId: id })
      assert.match((await heldFor(engine, id)).reason, /nobody listens/)
      const held = await heldFor(plain, id)
      assert.equal(held.code, 'task_failure')
      assert.match(held.reason, /^\[encoded as binary\/encrypted, \d+ bytes: /)
      const asker = await openAnother({ dataConverter: { payloadCodecs }, worker: false })
      await engine.workflows.start(messages.asked, { workflowId: `${id}-queried`, args: [id] })
      const failureTo = async (who: Engine) => {
        return as(Error, await rejectionOf(who.workflows.getHandle(`${id}-queried`).query(messages.broken)))
      }
      assert.match((await failureTo(asker)).message, /the query broke/)
      assert.match((await failureTo(plain)).message, /failed: \[encoded as binary\/encrypted/)
      await Promise.all([id, `${id}-queried`].map((each) => plain.workflows.getHandle(each).terminate()))
    },
  },
]
