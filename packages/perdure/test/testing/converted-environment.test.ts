import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApplicationFailure, DefaultFailureConverter, type ProtoFailure, WorkflowFailedError } from 'perdure'
import { createEncryptionCodec } from 'perdure/codecs'
import { simulate, TestEnvironment } from 'perdure/testing'
import type { Payload, PayloadConverter } from 'perdure/workflow'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

const day = 24 * 3_600 * 1_000

const inHex = {
  toPayload: (value: unknown) => ({
    metadata: { encoding: Buffer.from('text/hex') }, data: Buffer.from(Buffer.from(JSON.stringify(value ?? null)).toString('hex')),
  }),
  fromPayload: <T>({ data }: Payload): T => JSON.parse(Buffer.from(Buffer.from(data ?? []).toString(), 'hex').toString()) as T,
}

test('payloads that are stored in another form are replayed in their own', async () => {
  const payloadCodecs = [createEncryptionCodec({ keyId: 'one', keys: { one: new Uint8Array(32) } })]
  const dataConverter = { payloadCodecs, payloadConverter: inHex }
  for (const database of [{}, { database: ':memory:' }]) {
    await using env = await TestEnvironment.create({ workflows, activities, ...database, dataConverter })
    assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'order', args: [1] }), 'charged 1')
    assert.equal(await env.workflows.execute(workflows.reminder, { workflowId: 'reminder', args: ['ada'] }), 30 * day)
  }
})

test('failures that a failure converter hides are replayed with it', async () => {
  const dataConverter = { failureConverter: new DefaultFailureConverter({ encodeCommonAttributes: true }) }
  await using env = await TestEnvironment.create({ workflows, dataConverter })
  await assert.rejects(env.workflows.execute(workflows.failing, { workflowId: 'failing' }), (error) => {
    return error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure && error.cause.message !== 'Encoded failure'
  })
})

test('a simulation converts values and failures as an engine does, and takes no codecs', async () => {
  class Shouting extends DefaultFailureConverter {
    override failureToError(failure: ProtoFailure, payloadConverter: PayloadConverter): Error {
      const message = failure.message?.toUpperCase() ?? ''
      return super.failureToError({ ...failure, message }, payloadConverter)
    }
  }
  const dataConverter = { payloadConverter: inHex, failureConverter: new Shouting() }
  await simulate(workflows.order, {
    args: [1], seeds: 5, dataConverter, activities: { charge: activities.charge },
    invariants: { 'it charges, whatever happens': ({ outcome }) => outcome.result === 'charged 1' },
  })
  await simulate(workflows.failing, {
    seeds: 2, dataConverter,
    invariants: { 'its failure is read by the converter': ({ outcome }) => outcome.failure?.message === 'AS IT WAS TOLD' },
  })
  const withCodecs = { ...dataConverter, payloadCodecs: [] }
  await assert.rejects(simulate(workflows.order, { args: [1], seeds: 1, dataConverter: withCodecs }), {
    code: 'SIMULATION_OPTIONS_INVALID', message: /dataConverter takes no 'payloadCodecs': codecs are asynchronous/,
  })
})
