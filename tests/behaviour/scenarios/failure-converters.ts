import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  CompositePayloadConverter, DefaultFailureConverter, type Engine, type EngineOptions, JsonPayloadConverter, PerdureError,
  UndefinedPayloadConverter, WithStartWorkflowOperation, WorkflowFailedError, WorkflowUpdateFailedError,
} from 'perdure'
import { activityInfo, cancelled, CompleteAsyncError, heartbeat } from 'perdure/activity'
import { createEncryptionCodec } from 'perdure/codecs'
import { runReplayHistory } from 'perdure/testing'
import { ActivityFailure, ApplicationFailure, type Payload, RetryState, TimeoutFailure } from 'perdure/workflow'
import { CardDeclined, CardFailures, marking, notReading, notWriting } from '../card-declined.ts'
import { probe } from '../probe.ts'
import { as, failureOf, rejectionOf, until, type FunctionModule, type Scenario, type Stage } from '../stage.ts'
import * as cards from '../workflows/cards.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const bigInts = {
  encodingType: 'text/bigint',
  toPayload: (value: unknown) => typeof value !== 'bigint' ? undefined
    : { metadata: { encoding: bytesOf('text/bigint') }, data: bytesOf(String(value)) },
  fromPayload: <T>({ data }: Payload): T => BigInt(new TextDecoder().decode(data ?? new Uint8Array())) as T,
}
const payloadConverter = new CompositePayloadConverter(new UndefinedPayloadConverter(), bigInts, new JsonPayloadConverter())

const activities: FunctionModule = {
  pay: async (key: string, card: string): Promise<string> => {
    probe(key).note(`attempt ${activityInfo().attempt}`)
    throw new CardDeclined(card)
  },
  leave: async (key: string): Promise<string> => {
    probe(key).note(activityInfo().base64TaskToken)
    throw new CompleteAsyncError()
  },
  beat: async (): Promise<void> => {
    heartbeat(7n)
    await cancelled()
  },
  beatAndLeave: async (): Promise<void> => {
    heartbeat(7n)
    throw new CompleteAsyncError()
  },
}

type DataConverter = NonNullable<EngineOptions['dataConverter']>

const ours = { failureConverter: new CardFailures() }

/** A namespace of its own: what one writes there, no other ends or reads without its converter. `plain` has none. */
async function apart({ id, engine, openAnother }: Stage) {
  await engine.namespaces.create(id)
  const setup = { namespace: id, workflows: cards, activities }
  const open = (dataConverter: DataConverter, lines: string[] = []): Promise<Engine> => {
    const log = (message: string) => void lines.push(message)
    return openAnother({ ...setup, dataConverter, logger: { debug: log, info: log, warn: log, error: log } })
  }
  return { plain: await openAnother({ namespace: id, worker: false }), open }
}

/** The cards with which it was declined, in the chain of causes. */
function cardsIn(error: Error): string[] {
  const { cause } = error
  return [...(error instanceof CardDeclined ? [error.card] : []), ...(cause instanceof Error ? cardsIn(cause) : [])]
}

async function untilHeld({ workflows }: Engine, workflowId: string): Promise<string> {
  let { held } = await workflows.describe(workflowId)
  await until(async () => ({ held } = await workflows.describe(workflowId)).held !== undefined)
  return held?.reason ?? ''
}

export const failureConverterScenarios: readonly Scenario[] = [
  {
    name: 'an error of a class of its own comes out of activities, workflows and clients as it was, and the converter decides on retries',
    async run(_t, stage) {
      const { id } = stage
      const { plain, open } = await apart(stage)
      const engine = await open(ours)
      const handle = await engine.workflows.start(cards.paysByCard, { workflowId: id, args: [id, '4242'] })
      const failed = await failureOf(handle.result())
      assert.equal(as(CardDeclined, failed.cause).card, '4242 again')
      assert.match(failed.message, /: card 4242 again was declined$/)
      assert.deepEqual(probe(id).notes, ['attempt 1'])
      assert.equal(as(CardDeclined, (await handle.describe()).failure).card, '4242 again')

      const seen = as(ApplicationFailure, (await failureOf(plain.workflows.getHandle(id).result())).cause)
      assert.deepEqual([seen.type, seen.nonRetryable, seen.details], ['CardDeclined', true, ['4242 again']])
      await runReplayHistory({ workflows: cards, dataConverter: ours }, await engine.workflows.fetchHistory(id))

      const again = await engine.workflows.start(cards.paysPlainly, { workflowId: `${id}-retried`, args: [`${id}-retried`, '0815'] })
      const activity = as(ActivityFailure, (await failureOf(again.result())).cause)
      assert.deepEqual([cardsIn(activity), activity.retryState], [['0815'], RetryState.MAXIMUM_ATTEMPTS_REACHED])
      assert.equal(probe(`${id}-retried`).notes.length, 3)
    },
  },
  {
    name: 'a failure converter sees failures of local activities, of activities that are failed from outside, and of children',
    async run(_t, stage) {
      const { id } = stage
      const engine = await (await apart(stage)).open(ours)
      const local = engine.workflows.execute(cards.paysLocally, { workflowId: `${id}-local`, args: [`${id}-local`, '1'] })
      assert.equal(await local, 'locally 1')
      const outside = await engine.workflows.start(cards.paysOutside, { workflowId: id, args: [id] })
      await probe(id).noted('')
      await engine.activities.fail(probe(id).notes[0] ?? '', new CardDeclined('2'))
      assert.deepEqual(cardsIn(await failureOf(outside.result())), ['2 again'])
      const parent = await engine.workflows.start(cards.paysByChild, { workflowId: `${id}-parent`, args: ['3'] })
      assert.deepEqual(cardsIn(await failureOf(parent.result())), ['3 again'])
    },
  },
  {
    name: 'a failure converter sees what updates are rejected with and fail with; where it cannot write that, the update says so',
    async run(_t, stage) {
      const { id } = stage
      const { open } = await apart(stage)
      const engine = await open(ours)
      const handle = await engine.workflows.start(cards.takesCards, { workflowId: id })
      for (const [card, code] of [['stolen', 'UPDATE_REJECTED'], ['4242', 'UPDATE_FAILED']] as const) {
        const error = as(WorkflowUpdateFailedError, await rejectionOf(handle.executeUpdate(cards.use, { args: [card] })))
        assert.deepEqual([error.code, as(CardDeclined, error.cause).card], [code, card])
      }
      const started = new WithStartWorkflowOperation(cards.takesCards, { workflowId: `${id}-early`, workflowIdConflictPolicy: 'FAIL' })
      const early = engine.workflows.executeUpdateWithStart(cards.use, { args: ['stolen'], startWorkflowOperation: started })
      assert.equal(as(CardDeclined, as(WorkflowUpdateFailedError, await rejectionOf(early)).cause).card, 'stolen')
      await engine.workflows.getHandle(`${id}-early`).signal(cards.closeCards)
      await engine.stop()
      const broken = await open({ failureConverter: notWriting })
      for (const [card, code] of [['stolen', 'UPDATE_REJECTED'], ['4242', 'UPDATE_FAILED']] as const) {
        const again = broken.workflows.getHandle(id).executeUpdate(cards.use, { args: [card] })
        const error = as(WorkflowUpdateFailedError, await rejectionOf(again))
        assert.deepEqual([error.code, as(ApplicationFailure, error.cause).type], [code, 'FailureConverterError'])
        assert.match(error.message, /\(CardDeclined\): no form for it/)
        assert.doesNotMatch(error.message, new RegExp(card))
      }
      await broken.workflows.getHandle(id).signal(cards.closeCards)
      await broken.workflows.getHandle(id).result()
    },
  },
  {
    name: 'the retry policy of a workflow looks at what the converter makes of its error, and the next run gets that error',
    async run(_t, stage) {
      const { id } = stage
      const engine = await (await apart(stage)).open(ours)
      const retry = { initialInterval: 1, maximumAttempts: 3 }
      assert.equal(await engine.workflows.execute(cards.triesAgain, { workflowId: id, args: ['0815'], retry }), '2 after 0815')
      const final = await engine.workflows.start(cards.triesAgain, { workflowId: `${id}-final`, args: ['4242'], retry })
      const error = await failureOf(final.result())
      assert.deepEqual([cardsIn(error), error.retryState], [['4242'], RetryState.NON_RETRYABLE_FAILURE])
    },
  },
  {
    name: 'encoded attributes hide messages from whoever has no converter, and codecs hide whole failures',
    async run(_t, stage) {
      const { id } = stage
      const { plain, open } = await apart(stage)
      const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
      const lines: string[] = []
      const hiding = await open({ failureConverter }, lines)
      const one = await hiding.workflows.start(cards.paysPlainly, { workflowId: id, args: [id, '4242'] })
      assert.match((await failureOf(one.result())).message, /activity 'pay' failed: card 4242 was declined$/)
      const seen = await failureOf(plain.workflows.getHandle(id).result())
      assert.match(seen.message, /Encoded failure$/)
      for (const line of ["Activity 'pay' failed in attempt 3, its last", "Workflow 'paysPlainly' failed: activity 'pay' failed"]) {
        assert.ok(lines.includes(`${line}: card 4242 was declined`), `no line '${line}' in ${lines.join('; ')}`)
      }
      await hiding.stop()

      const payloadCodecs = [createEncryptionCodec({ keyId: 'k1', keys: { k1: randomBytes(32) } })]
      const encrypting = await open({ failureConverter, payloadCodecs })
      const other = await encrypting.workflows.start(cards.paysPlainly, { workflowId: `${id}-2`, args: [`${id}-2`, 'lovelace'] })
      assert.match((await failureOf(other.result())).message, /card lovelace was declined$/)
      const stored = JSON.stringify([await plain.workflows.history(`${id}-2`), await plain.workflows.describe(`${id}-2`)])
      assert.doesNotMatch(stored, /lovelace|declined|Encoded failure/)
    },
  },
  {
    name: 'details of failures and the last heartbeat of a timeout pass the payload converter',
    async run(_t, stage) {
      const { id } = stage
      const engine = await (await apart(stage)).open({ payloadConverter })
      await Promise.all((['beat', 'beatAndLeave'] as const).map(async (by) => {
        const handle = await engine.workflows.start(cards.losesHeart, { workflowId: `${id}-${by}`, args: [id, by] })
        const late = as(ActivityFailure, (await failureOf(handle.result())).cause)
        const { timeoutType, lastHeartbeatDetails } = as(TimeoutFailure, late.cause)
        assert.deepEqual([timeoutType, lastHeartbeatDetails], ['HEARTBEAT', 7n])
      }))
    },
  },
  {
    name: 'a failure converter sees the failures of what was cancelled before it began, which no history has',
    async run(_t, stage) {
      const engine = await (await apart(stage)).open({ failureConverter: marking })
      assert.deepEqual(await engine.workflows.execute(cards.cancelsAtOnce, { workflowId: stage.id }), [true, true])
    },
  },
  {
    name: 'a workflow whose end the converter cannot write is held, and ends with a mended one',
    async run(_t, stage) {
      const { id } = stage
      const { open } = await apart(stage)
      const broken = await open({ failureConverter: notWriting })
      await broken.workflows.start(cards.declines, { workflowId: id, args: ['4242'] })
      assert.match(await untilHeld(broken, id), /\(CardDeclined\): no form for it; mend the failureConverter/)
      const attempt = await failureOf(broken.workflows.execute(cards.paysPlainly, { workflowId: `${id}-pays`, args: [id, '4242'] }))
      const told = as(ApplicationFailure, as(ActivityFailure, attempt.cause).cause)
      assert.deepEqual([told.type, probe(id).notes.length], ['FailureConverterError', 3])
      await broken.stop()
      const mended = await open(ours)
      assert.deepEqual(cardsIn(await failureOf(mended.workflows.getHandle(id).result())), ['4242'])
    },
  },
  {
    name: 'a workflow that needs a failure that the converter cannot read is held, clients are told, and a mended one goes on',
    async run(_t, stage) {
      const { id } = stage
      const { open } = await apart(stage)
      const broken = await open({ failureConverter: notReading })
      await broken.workflows.start(cards.paysByCard, { workflowId: id, args: [id, '4242'] })
      assert.match(await untilHeld(broken, id), /cannot be read by the failure converter: no class for it/)
      const ended = await broken.workflows.start(cards.declines, { workflowId: `${id}-ended`, args: ['17'] })
      const unreadable = as(PerdureError, await rejectionOf(ended.result()))
      assert.equal(unreadable.code, 'PAYLOAD_UNREADABLE')
      assert.ok(!(unreadable instanceof WorkflowFailedError))
      assert.equal((await ended.describe()).failure?.message, 'card 17 was declined')
      await broken.stop()
      const mended = await open(ours)
      assert.deepEqual(cardsIn(await failureOf(mended.workflows.getHandle(id).result())), ['4242 again'])
    },
  },
]
