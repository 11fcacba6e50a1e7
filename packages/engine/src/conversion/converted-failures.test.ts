import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { assert as check, property } from 'fast-check'
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, defaultPayloadConverter, type Payload as ConvertedPayload,
  type PayloadConverter, TemporalFailure, TimeoutFailure,
} from '@perdure/workflow'
import { anyFailure } from '../../test/random-failures.ts'
import { failureCausesMax, payloadBytesMax } from '../limits.ts'
import { decodeFailure, encodeFailure, plainFailures, recordedFailure, shownFailure } from '../protocol/failure-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import { convertedFailures } from './converted-failures.ts'
import { DefaultFailureConverter, defaultFailureConverter, type FailureConverter } from './failure-converter.ts'
import {
  BinaryPayloadConverter, CompositePayloadConverter, JsonPayloadConverter, type PayloadConverterWithEncoding, UndefinedPayloadConverter,
} from './payload-converters.ts'
import type { ProtoFailure } from './proto-failure.ts'
import { jsonValues, valuesOf } from './value-converter.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const bigInts: PayloadConverterWithEncoding = {
  encodingType: 'text/bigint',
  toPayload: (value) => typeof value !== 'bigint' ? undefined
    : { metadata: { encoding: bytesOf('text/bigint') }, data: bytesOf(String(value)) },
  fromPayload: <T>({ data }: ConvertedPayload) => BigInt(new TextDecoder().decode(data ?? undefined)) as T,
}
const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(), new BinaryPayloadConverter(), bigInts, new JsonPayloadConverter(),
)
const json = convertedFailures(defaultFailureConverter, defaultPayloadConverter)
const converted = convertedFailures(defaultFailureConverter, payloadConverter)

class CardExpired extends Error {}

suite('the default failure converter over JSON', () => {
  test('stores any failure as the engine does without one, byte for byte, and reads it as the engine does', () => {
    check(property(anyFailure, (failure) => {
      const payload = encodeFailure(failure)
      assert.equal(json.encode(failure), payload)
      const read = json.decode(payload)
      assert.equal(read.constructor, failure.constructor)
      assert.equal(encodeFailure(read), payload)
    }))
  })

  test('stores what an activity throws as the engine does without one', () => {
    check(property(anyFailure, (failure) => {
      assert.equal(json.encodeOfActivity(failure), plainFailures.encodeOfActivity(failure))
    }))
  })

  const loop = new Error('loop')
  loop.cause = loop
  const half = 'd'.repeat(payloadBytesMax / 2)
  let chain = new Error('\u0000'.repeat(40_000))
  for (let count = 0; count < 15; count++) chain = new ApplicationFailure('\u0000'.repeat(40_000), 'T', false, ['d'.repeat(500_000)], chain)
  const thrown: readonly (readonly [what: string, error: unknown])[] = [
    ['an error with causes', new CardExpired('expired', { cause: new RangeError('month', { cause: 'text' }) })],
    ['an AggregateError', new AggregateError([new TypeError('one'), new Error('two')])],
    ['a text', 'text'], ['undefined', undefined], ['null', null], ['an object', { message: 'no error' }],
    ['an error with an empty cause', new Error('x', { cause: '' })],
    ['a failure with details of which one is undefined', ApplicationFailure.retryable('no', 'T', undefined, 7)],
    ['a failure with a pause', ApplicationFailure.create({ message: 'no', nextRetryDelay: '1.5 s', category: 'BENIGN' })],
    ['a circle of causes', loop], ['what is too large with its details and causes', chain],
    ['what is too large with its details', ApplicationFailure.nonRetryable('no', 'T', half, half)],
    ['a timeout whose heartbeat is too large', new TimeoutFailure('late', 'd'.repeat(payloadBytesMax - 10), 'HEARTBEAT')],
  ]
  for (const [what, error] of thrown) {
    test(`stores ${what} as the engine does without one`, () => assert.equal(json.encode(error), encodeFailure(error)))
  }

  test('keeps a failure of what cannot be read, and of details that cannot be converted', () => {
    const proxy = new Proxy({}, { get() { throw new Error('no') } })
    const hostile = [{ get message(): string { throw new Error('no') } }, proxy, Symbol('s'), 1n]
    for (const error of hostile) assert.ok(decodeFailure(json.encode(error)) instanceof ApplicationFailure)
    const { details } = decodeFailure(json.encode(ApplicationFailure.retryable('no', 'T', 1n, { fine: true }))) as ApplicationFailure
    assert.match(String(details?.[0]), /^\[left out: .*BigInt/)
    assert.deepEqual(details?.[1], { fine: true })
  })
})

suite('details that are no JSON', () => {
  test('come back as they were, are written the same again, and are shown to whoever has no converter', () => {
    const details = [12n, { a: 1 }, new Uint8Array([0, 255])]
    for (const failure of [ApplicationFailure.retryable('no', 'T', ...details), new CancelledFailure('no', details)]) {
      const payload = converted.encode(failure)
      const read = converted.decode(payload) as ApplicationFailure
      assert.deepEqual(read.details, details)
      assert.equal(converted.encode(read), payload)
      const shown = (decodeFailure(payload) as ApplicationFailure).details
      assert.deepEqual(shown, [{ encoded: 'text/bigint', bytes: 2 }, { a: 1 }, { encoded: 'binary/plain', bytes: 2 }])
    }
  })

  test('are those of a last heartbeat too, which the engine itself writes', () => {
    const failure = new TimeoutFailure('late', 7n, 'HEARTBEAT')
    assert.equal((converted.decode(converted.encode(failure)) as TimeoutFailure).lastHeartbeatDetails, 7n)
    const values = valuesOf({ payloadConverter }) ?? jsonValues
    const plain = decodeFailure(values.failures.encodeTimeout('late', 'HEARTBEAT', values.encode({ page: 3 }, 'details')))
    assert.deepEqual((plain as TimeoutFailure).lastHeartbeatDetails, { page: 3 })
    const bytes = decodeFailure(plainFailures.encodeTimeout('late', 'HEARTBEAT', jsonValues.encode(new Uint8Array([1]), 'details')))
    assert.equal((bytes as TimeoutFailure).lastHeartbeatDetails, '[left out: they are no JSON]')
    const none = decodeFailure(values.failures.encodeTimeout('late', 'HEARTBEAT', null))
    assert.equal((none as TimeoutFailure).lastHeartbeatDetails, undefined)
    const late = values.failures.decode(values.failures.encodeTimeout('late', 'HEARTBEAT', values.encode(7n, 'details')))
    assert.ok(late instanceof TimeoutFailure)
    assert.deepEqual([late.message, late.timeoutType, late.lastHeartbeatDetails], ['late', 'HEARTBEAT', 7n])
  })

  test('are left out where the whole is too large', () => {
    const payload = converted.encode(ApplicationFailure.retryable('no', 'T', new Uint8Array(payloadBytesMax)))
    const read = converted.decode(payload) as ApplicationFailure
    assert.deepEqual([read.message, read.details], ['no', ['[details were left out: the failure was too large]']])
  })
})

class Declined extends Error {
  readonly card: string
  constructor(card: string, cause?: unknown) {
    super(`${card} was declined`, cause === undefined ? undefined : { cause })
    this.card = card
  }
}

class OurFailures extends DefaultFailureConverter {
  readonly seen: string[] = []

  override errorToFailure(error: unknown, payloads: PayloadConverter): ProtoFailure {
    this.seen.push(error instanceof Error ? error.message : String(error))
    const failure = super.errorToFailure(error, payloads)
    if (!(error instanceof Declined)) return failure
    return {
      ...failure,
      applicationFailureInfo: { type: 'Declined', nonRetryable: true, details: { payloads: [payloads.toPayload(error.card)] } },
    }
  }

  override failureToError(failure: ProtoFailure, payloads: PayloadConverter): Error {
    const { type, details } = failure.applicationFailureInfo ?? {}
    const [card] = details?.payloads ?? []
    if (type !== 'Declined' || card === undefined) return super.failureToError(failure, payloads)
    return new Declined(payloads.fromPayload(card), this.optionalFailureToOptionalError(failure.cause, payloads))
  }
}

suite('a failure converter of the user', () => {
  const shell: FailureConverter = {
    errorToFailure: (error, payloads) => defaultFailureConverter.errorToFailure(error, payloads),
    failureToError: (failure, payloads) => defaultFailureConverter.failureToError(failure, payloads),
  }

  test('maps classes of its own both ways, also of causes', () => {
    const ours = new OurFailures()
    const failures = convertedFailures(ours, payloadConverter)
    const declined = new Declined('4242', new Declined('17'))
    const payload = failures.encode(new ActivityFailure('failed', 'pay', '1', 'IN_PROGRESS', undefined, declined))
    assert.deepEqual(ours.seen, ['failed', '4242 was declined', '17 was declined'])
    const { cause } = failures.decode(payload)
    assert.ok(cause instanceof Declined && cause.cause instanceof Declined)
    assert.deepEqual([cause.card, cause.cause.card], ['4242', '17'])
  })

  test('decides what retry policies look at', () => {
    const failures = convertedFailures(new OurFailures(), payloadConverter)
    const error = new Declined('4242')
    const judged = failures.judged(error, failures.encode(error)) as ApplicationFailure
    assert.deepEqual([judged.type, judged.nonRetryable], ['Declined', true])
    assert.equal(plainFailures.judged(error, plainFailures.encode(error)), error)
  })

  test('gets what the engine puts around a failure together with what is stored of it', () => {
    const got: ProtoFailure[] = []
    const failures = convertedFailures({
      ...shell,
      failureToError: (failure, payloads) => {
        got.push(failure)
        return shell.failureToError(failure, payloads)
      },
    }, payloadConverter)
    const stored = failures.encode(ApplicationFailure.retryable('no', 'T', 12n))
    const error = failures.decode(stored, (cause) => (
      new ActivityFailure('failed', 'pay', '1', 'TIMEOUT', undefined, new CancelledFailure('stopped', [], cause))))
    assert.equal(got.length, 1)
    assert.deepEqual(got[0]?.activityFailureInfo, { activityType: { name: 'pay' }, activityId: '1', retryState: 3 })
    const cancelled = error.cause as CancelledFailure
    assert.deepEqual([cancelled.constructor, cancelled.message], [CancelledFailure, 'stopped'])
    assert.deepEqual((cancelled.cause as ApplicationFailure).details, [12n])
    const presented = failures.presented(new ChildWorkflowFailure('n', { workflowId: 'w', runId: 'r' }, 'child', 'TIMEOUT'))
    assert.ok(presented instanceof ChildWorkflowFailure)
    assert.deepEqual([presented.execution, presented.retryState, got.length], [{ workflowId: 'w', runId: 'r' }, 'TIMEOUT', 2])
  })

  test('may give what protobuf may give: names of enumerations, numbers of 64 bits as objects, null, circles', () => {
    const loop: ProtoFailure = { message: 'loop' }
    loop.cause = loop
    const giving = (failure: object): Error => {
      const failures = convertedFailures({ ...shell, errorToFailure: () => failure }, payloadConverter)
      return decodeFailure(failures.encode(new Error('thrown')))
    }
    const application = giving({
      message: null, stackTrace: null, cause: null, encodedAttributes: null, timeoutFailureInfo: null,
      applicationFailureInfo: {
        type: null, nonRetryable: null, details: null, nextRetryDelay: { seconds: { toNumber: () => 2 }, nanos: 5_000_000 },
        category: 'APPLICATION_ERROR_CATEGORY_BENIGN',
      },
    }) as ApplicationFailure
    const { message, type, nextRetryDelay, category } = application
    assert.deepEqual([message, type, nextRetryDelay, category], ['', undefined, 2_005, 'BENIGN'])
    const timeout = giving({ message: 'late', timeoutFailureInfo: { timeoutType: 'SCHEDULE_TO_START', lastHeartbeatDetails: null } })
    assert.equal((timeout as TimeoutFailure).timeoutType, 'SCHEDULE_TO_START')
    const activity = giving({ activityFailureInfo: { activityType: { name: 'pay' }, retryState: 7 } }) as ActivityFailure
    assert.deepEqual([activity.activityType, activity.retryState], ['pay', 'CANCEL_REQUESTED'])
    assert.equal((giving({ message: 'x', resetWorkflowFailureInfo: {} }) as ApplicationFailure).type, 'ResetWorkflow')
    let depth = 0
    for (let last: unknown = giving(loop); last instanceof TemporalFailure && last.cause !== undefined; last = last.cause) depth++
    assert.equal(depth, failureCausesMax + 1)
  })

  const broken: readonly (readonly [what: string, errorToFailure: () => ProtoFailure, says: RegExp])[] = [
    ['throws', () => { throw new TypeError('no such card') }, /\(Declined\): no such card; mend the failureConverter/],
    ['gives nothing', () => undefined as never, /\(Declined\): its errorToFailure\(\) gave no failure, but undefined; mend/],
    ['gives details that are no payloads', () => ({ canceledFailureInfo: { details: { payloads: [null as never] } } }), /\(Declined\): /],
  ]
  for (const [what, errorToFailure, says] of broken) {
    test(`that ${what}, where it writes, is told of by the class of what was thrown and not by what that said`, () => {
      const failures = convertedFailures({ ...shell, errorToFailure }, payloadConverter)
      const error = new Declined('4242')
      assert.throws(() => failures.encode(error), { code: 'PAYLOAD_NOT_SERIALISABLE', message: says })
      for (const payload of [failures.encodeOfActivity(error), recordedFailure(failures, error)]) {
        assert.doesNotMatch(payload, /4242/)
        const recorded = decodeFailure(payload) as ApplicationFailure
        assert.deepEqual([recorded.type, recorded.nonRetryable], ['FailureConverterError', false])
        assert.match(recorded.message, says)
      }
    })
  }

  test('that throws or gives no Error, where it reads, is told of; people are shown what is stored', () => {
    const stored = encodeFailure(new Error('as it was'))
    const throwing = convertedFailures({ ...shell, failureToError: () => { throw new TypeError('no such class') } }, payloadConverter)
    const code = 'PAYLOAD_UNREADABLE'
    assert.throws(() => throwing.decode(stored), { code, message: /by the failure converter: no such class; mend/ })
    const empty = convertedFailures({ ...shell, failureToError: () => 'text' as never }, payloadConverter)
    assert.throws(() => empty.decode(stored), { code, message: /its failureToError\(\) gave no Error; mend/ })
    assert.equal(shownFailure(throwing, stored).message, 'as it was')
    assert.throws(() => throwing.decode('7' as Payload), { code, message: /it has no kind/ })
  })

  test('is refused what is too large also without details and causes', () => {
    const huge = { metadata: { encoding: bytesOf('text/huge') }, data: new Uint8Array(payloadBytesMax) }
    const failures = convertedFailures({ ...shell, errorToFailure: () => ({ encodedAttributes: huge }) }, payloadConverter)
    assert.throws(() => failures.encode(new Error('x')), { code: 'PAYLOAD_TOO_LARGE' })
  })
})

suite('common attributes that are encoded', () => {
  test('hide message and stack of every cause, and come back with the converter', () => {
    const failures = convertedFailures(new DefaultFailureConverter({ encodeCommonAttributes: true }), payloadConverter)
    const error = new CardExpired('of ada', { cause: new RangeError('of may') })
    const payload = failures.encode(error)
    const shown = decodeFailure(payload)
    assert.deepEqual([shown.message, shown.stack, shown.cause?.message], ['Encoded failure', '', 'Encoded failure'])
    const read = failures.decode(payload)
    assert.deepEqual([read.message, read.stack, (read.cause as Error).message], ['of ada', error.stack, 'of may'])
    assert.equal(failures.encode(read), payload)
  })

  test('are not applied where they are of another shape', () => {
    const failure = { message: 'm', stackTrace: 's', encodedAttributes: payloadConverter.toPayload({ message: 7, stack_trace: null }) }
    const { message, stack } = defaultFailureConverter.failureToError(failure, payloadConverter)
    assert.deepEqual([message, stack], ['m', 's'])
  })
})

test('without a payload converter, details are JSON as everywhere, and bytes', () => {
  const { failures } = valuesOf({ failureConverter: defaultFailureConverter }) ?? jsonValues
  const details = [{ a: 1 }, new Uint8Array([1, 2])]
  const read = failures.decode(failures.encode(ApplicationFailure.retryable('no', 'T', ...details))) as ApplicationFailure
  assert.deepEqual(read.details, details)
  const left = failures.decode(failures.encode(ApplicationFailure.retryable('no', 'T', new Map()))) as ApplicationFailure
  assert.match(String(left.details?.[0]), /^\[left out: .*Map/)
  assert.equal(valuesOf({}), undefined)
})
