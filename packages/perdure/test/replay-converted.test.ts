/** Histories with values that are no JSON: written as payloads of their own encoding, and read by the payload converter. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CompositePayloadConverter, DefaultFailureConverter, Engine, JsonPayloadConverter, UndefinedPayloadConverter } from 'perdure'
import type { FailureConverter, PayloadConverterWithEncoding } from 'perdure'
import { createEncryptionCodec, createGzipCodec, type PayloadCodec } from 'perdure/codecs'
import { NondeterminismError, runReplayHistories, runReplayHistory, type TemporalHistory } from 'perdure/testing'
import {
  type ActivityFailure, ApplicationFailure, condition, defineSignal, executeChild, type Payload, proxyActivities, setHandler, sleep,
  upsertMemo, workflowInfo,
} from 'perdure/workflow'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const bigInts: PayloadConverterWithEncoding = {
  encodingType: 'text/bigint',
  toPayload: (value) => typeof value !== 'bigint' ? undefined
    : { metadata: { encoding: bytesOf('text/bigint') }, data: bytesOf(String(value)) },
  fromPayload: <T>({ data }: Payload) => BigInt(new TextDecoder().decode(data ?? undefined)) as T,
}
const payloadConverter = new CompositePayloadConverter(new UndefinedPayloadConverter(), bigInts, new JsonPayloadConverter())

const { twice } = proxyActivities<{ twice(amount: bigint): Promise<bigint> }>({ startToCloseTimeout: '1 minute' })
const add = defineSignal<[amount: bigint, why?: string]>('add')

async function part(amount: bigint): Promise<bigint> {
  return amount + (workflowInfo().memo?.['more'] as bigint)
}

/** What it asks for depends on each of its values. */
async function counting(start: bigint, _nothing: undefined, limit: number): Promise<bigint> {
  let total = start
  setHandler(add, (amount) => { total += amount })
  await condition(() => total > limit)
  if (total === 12n) total = await twice(total)
  if (total === 24n && workflowInfo().memo?.['factor'] === 3n) await sleep(1)
  upsertMemo({ total })
  if (await executeChild(part, { args: [1n], memo: { more: 2n } }) !== 3n) await sleep(1)
  return total
}

async function recorded(): Promise<TemporalHistory> {
  await using engine = await Engine.open({
    database: ':memory:', dataConverter: { payloadConverter, payloadCodecs: [createGzipCodec({ minimumBytes: 1 })] },
  })
  engine.workflows.register({ counting, part })
  engine.activities.register({ twice: async (amount: bigint) => amount * 2n })
  await engine.start()
  const memo = { factor: 3n, by: 'ada' }
  const handle = await engine.workflows.start(counting, { workflowId: 'counting', args: [5n, undefined, 10], memo })
  await handle.signal(add, 7n)
  assert.equal(await handle.result(), 24n)
  return await engine.workflows.fetchHistory('counting')
}

test('a history with values that are no JSON is written with their encodings, and replays with the payload converter', async () => {
  const history = await recorded()
  const types = history.events.map(({ eventType }) => eventType.slice('EVENT_TYPE_'.length))
  for (const type of ['ACTIVITY_TASK_COMPLETED', 'TIMER_FIRED', 'WORKFLOW_PROPERTIES_MODIFIED']) assert.ok(types.includes(type), type)
  assert.ok(JSON.stringify(history).includes(btoa('text/bigint')))
  const options = { workflows: { counting }, dataConverter: { payloadConverter } }
  await runReplayHistory(options, history)
  for await (const { error } of runReplayHistories(options, [{ history: JSON.stringify(history) }])) assert.equal(error, undefined)
})

/** As Temporal's server gives it, where codecs encode. */
function encoded(history: TemporalHistory, codec: PayloadCodec): Promise<TemporalHistory> {
  const encode = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(encode))
    if (typeof value !== 'object' || value === null) return value
    const { metadata, data } = value as { metadata?: Record<string, string>; data?: string }
    if (metadata?.['encoding'] === undefined) {
      return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([name, each]) => [name, await encode(each)])))
    }
    const bytes = Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')])
    const [made] = await codec.encode([{ metadata: Object.fromEntries(bytes), data: Buffer.from(data ?? '', 'base64') }])
    const texts = Object.entries(made?.metadata ?? {}).map(([name, text]) => [name, Buffer.from(text).toString('base64')])
    return { metadata: Object.fromEntries(texts), data: Buffer.from(made?.data ?? []).toString('base64') }
  }
  return encode(history) as Promise<TemporalHistory>
}

test('a history that codecs encoded elsewhere replays with them, and is refused without them or where they cannot decode it', async () => {
  const codec = createEncryptionCodec({ keyId: 'k1', keys: { k1: Buffer.alloc(32) } })
  const history = await encoded(await recorded(), codec)
  const options = { workflows: { counting }, dataConverter: { payloadConverter, payloadCodecs: [codec] } }
  await runReplayHistory(options, history)
  await assert.rejects(runReplayHistory({ ...options, dataConverter: { payloadConverter } }, history), { code: 'PAYLOAD_UNREADABLE' })
  const without = createEncryptionCodec({ keyId: 'k2', keys: { k2: Buffer.alloc(32) } })
  await assert.rejects(runReplayHistory({ ...options, dataConverter: { payloadConverter, payloadCodecs: [without] } }, history), {
    code: 'PAYLOAD_CODEC_FAILED', message: /^A payload codec cannot decode the history: .*'k1'.*; look at the payloadCodecs/,
  })
})

test('bad input: without the payload converter the history is refused, with the remedy; paths are none of its options', async () => {
  const history = await recorded()
  await assert.rejects(runReplayHistory({ workflows: { counting } }, history), {
    code: 'HISTORY_PAYLOAD_UNSUPPORTED',
    message: /^The argument 1 of the input of the workflow has the encoding 'text\/bigint': .*dataConverter/,
  })
  await assert.rejects(runReplayHistory({ workflows: { counting }, dataConverter: { payloadConverterPath: './x.ts' } as never }, history), {
    code: 'OPTIONS_INVALID', message: /^the dataConverter of runReplayHistory\(\) knows no option 'payloadConverterPath'/,
  })
})

/** What it does depends on the message and the details of a failure. */
async function declined(): Promise<void> {
  try {
    await twice(7n)
  } catch (error) {
    const { message, details } = (error as ActivityFailure).cause as ApplicationFailure
    if (message === 'limit' && details?.[0] === 7n) await sleep(1)
    throw error
  }
}

test('failures with encoded attributes and details that are no JSON are written as such, and replay with both converters', async () => {
  const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
  const dataConverter = { payloadConverter, failureConverter }
  await using engine = await Engine.open({ database: ':memory:', dataConverter })
  engine.workflows.register({ declined })
  engine.activities.register({ twice: async (amount: bigint) => { throw ApplicationFailure.nonRetryable('limit', 'Limit', amount) } })
  await engine.start()
  await assert.rejects(engine.workflows.execute(declined, { workflowId: 'declined' }), { message: /: limit$/ })
  const history = await engine.workflows.fetchHistory('declined')
  const text = JSON.stringify(history)
  assert.ok(history.events.some(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_FIRED'))
  assert.ok(text.includes('Encoded failure') && text.includes('encodedAttributes') && text.includes(btoa('text/bigint')))
  assert.ok(!text.includes('limit'))
  await runReplayHistory({ workflows: { declined }, dataConverter }, text)
  const other: FailureConverter = { errorToFailure: () => ({}), failureToError: () => new Error('another') }
  const replayed = runReplayHistory({ workflows: { declined }, dataConverter: { payloadConverter, failureConverter: other } }, text)
  await assert.rejects(replayed, NondeterminismError)
})
