import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CancelledFailure, Engine, WorkflowFailedError } from 'perdure'
import { sleep } from 'perdure/activity'
import { createActivities, type Provider } from './activities.ts'
import { audit } from './audit.ts'
import type { Booking, BookingOutcome, Step } from './booking.ts'
import { readBookings } from './booking-file.ts'
import { type Entry, openLedger } from './ledger.ts'
import { bookingSaga } from './workflows.ts'

process.env['PERDURE_LOG_LEVEL'] ??= 'error'
const bookings = readBookings()
const attemptsMax = 3

/** What the input says must happen, found without the activities' code: each step's providers, in order. */
const providers = JSON.parse(readFileSync(join(import.meta.dirname, 'providers.json'), 'utf8')) as Record<Step, Record<string, Provider>>
const stepsOf = (booking: Booking) => ([['hotel', booking.hotel_id], ['flight', booking.flight_id], ['payment', booking.user_id]] as const)
  .map(([step, name]) => ({ step, ...providers[step][name] }))
const fails = (booking: Booking, { refuses, limit = Infinity, silentAtFirst = 0, losesAnswers = false }: Provider) => {
  return refuses !== undefined || booking.total > limit || silentAtFirst >= attemptsMax || losesAnswers
}

/** done and undone steps of a booking, in order. */
function effectsExpected(booking: Booking): string[] {
  const steps = stepsOf(booking)
  const failsAt = steps.findIndex((provider) => fails(booking, provider))
  if (failsAt === -1) return steps.map(({ step }) => `${step} done`)
  const done = steps.filter((provider, index) => index < failsAt || (index === failsAt && provider.losesAnswers)).map(({ step }) => step)
  return [...done.map((step) => `${step} done`), ...done.toReversed().map((step) => `${step} undone`)]
}

describe('booking saga', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-booking-saga-'))
  const outcomes = new Map<string, BookingOutcome>()
  let entries: Entry[] = []

  const entriesOf = (booking: Booking) => entries.filter((entry) => entry.bookingId === booking.booking_id)

  before(async () => {
    const ledger = openLedger(join(folder, 'ledger.jsonl'))
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ bookingSaga })
    engine.activities.register(createActivities(ledger))
    await engine.start()
    await Promise.all(bookings.map(async (booking) => {
      const { booking_id: id } = booking
      outcomes.set(id, await engine.workflows.execute(bookingSaga, { workflowId: id, args: [booking] }))
    }))
    entries = ledger.entries()
  })

  after(() => rmSync(folder, { recursive: true }))

  it('has an input of 40 trips, several of which fail at each step', () => {
    assert.equal(new Set(bookings.map((booking) => booking.booking_id)).size, 40)
    const failsAt = bookings.map((booking) => stepsOf(booking).find((provider) => fails(booking, provider))?.step)
    for (const step of ['hotel', 'flight', 'payment', undefined]) assert.ok(failsAt.filter((each) => each === step).length >= 5, step)
  })

  it('undoes everything that was done for a trip that is not kept, in reverse order', () => {
    for (const booking of bookings) {
      const effects = entriesOf(booking).filter(({ event }) => event === 'done' || event === 'undone')
      assert.deepEqual(effects.map(({ step, event }) => `${step} ${event}`), effectsExpected(booking), booking.booking_id)
    }
  })

  it('tries to undo until the provider answers', () => {
    const undoing = entries.filter(({ event }) => event === 'undone' || event === 'nothing to undo')
    for (const { bookingId, step, attempt } of undoing) {
      const booking = bookings.find((each) => each.booking_id === bookingId)
      const provider = booking === undefined ? undefined : stepsOf(booking).find((each) => each.step === step)
      assert.equal(attempt, (provider?.silentOnUndo ?? 0) + 1, `${bookingId} ${step}`)
    }
    assert.ok(undoing.some(({ attempt }) => attempt === 4), 'no compensation had to be retried')
  })

  it('returns what the providers answered, or why they did not and what was undone', () => {
    for (const booking of bookings) {
      const outcome = outcomes.get(booking.booking_id)
      const undone = effectsExpected(booking).filter((effect) => effect.endsWith(' undone')).map((effect) => effect.split(' ')[0])
      if (outcome?.status === 'failed') {
        assert.deepEqual(outcome.undone, undone)
        assert.match(outcome.reason, /no room left|sold out|card expired|the limit is 900|did not answer|the answer was lost/)
      } else {
        assert.deepEqual(effectsExpected(booking), ['hotel done', 'flight done', 'payment done'], booking.booking_id)
        assert.equal(outcome?.transaction, `payment-${booking.booking_id}`)
      }
    }
  })

  it('undoes what was done when it is cancelled, once the running step has stopped', async () => {
    const called: string[] = []
    const flightAsked = Promise.withResolvers<void>()
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ bookingSaga })
    engine.activities.register({
      reserveHotel: async () => called.push('reserve hotel'),
      reserveFlight: async () => {
        flightAsked.resolve()
        await sleep('1 hour').finally(() => called.push('flight stopped'))
      },
      cancelFlight: async () => called.push('cancel flight') > 0,
      cancelHotel: async () => called.push('cancel hotel') > 0,
    })
    await engine.start()
    const [booking] = bookings
    assert.ok(booking)
    const handle = await engine.workflows.start(bookingSaga, { workflowId: 'cancelled', args: [booking] })
    await flightAsked.promise
    await handle.cancel()
    await assert.rejects(handle.result(), (error) => error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure)
    assert.deepEqual(called, ['reserve hotel', 'flight stopped', 'cancel flight', 'cancel hotel'])
  })

  it('prints a summary when it is run', () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts')], { encoding: 'utf8' })
    assert.match(printed, /^40 trips: 17 booked, 23 failed$/m)
    assert.match(printed, /^ {2}trip-11 {2}mei: the answer was lost +undone: payment, flight, hotel$/m)
    assert.match(printed, /^Every trip is booked whole or not at all\.$/m)
  })
})

describe('the audit of the booking saga', () => {
  const [booking] = bookings as [Booking]
  const bookingId = booking.booking_id
  const booked: BookingOutcome = {
    status: 'booked', bookingId, hotelReservation: 'h', flightReservation: 'f', transaction: 't',
  }
  const failed = (...undone: Step[]): BookingOutcome => ({ status: 'failed', bookingId, reason: 'sold out', undone })
  const audited = (outcome: BookingOutcome | undefined, ...lines: `${Step} ${'done' | 'undone' | 'nothing to undo'}`[]) => {
    const entries = lines.map((line): Entry => {
      const [step = '', ...event] = line.split(' ')
      return { bookingId, step: step as Step, event: event.join(' ') as Entry['event'], attempt: 1 }
    })
    return audit([booking], outcome === undefined ? [] : [outcome], entries).join('; ')
  }

  it('accepts a whole trip, and one that was undone in reverse order', () => {
    assert.equal(audited(booked, 'hotel done', 'flight done', 'payment done'), '')
    assert.equal(audited(failed('flight', 'hotel'), 'hotel done', 'flight done', 'flight undone', 'hotel undone'), '')
    assert.equal(audited(failed(), 'hotel nothing to undo'), '')
  })

  it('finds what was left, lost, repeated or undone in the wrong order', () => {
    assert.match(audited(failed('flight'), 'hotel done', 'flight done', 'flight undone'), /failed, and the providers hold hotel/)
    assert.match(audited(failed('hotel'), 'hotel done', 'flight done', 'hotel undone'), /hotel undone before flight/)
    assert.match(audited(booked, 'hotel done', 'payment done'), /payment done out of turn; .*hold hotel, payment/)
    assert.match(audited(booked, 'hotel done', 'hotel done', 'flight done', 'payment done'), /hotel done out of turn/)
    assert.match(audited(failed('hotel'), 'hotel done', 'hotel undone', 'flight done'), /flight done out of turn/)
    assert.match(audited(failed(), 'hotel done', 'hotel nothing to undo'), /hotel kept although it was cancelled/)
    assert.match(audited(failed('hotel')), /says it undid hotel, and undid nothing/)
    assert.match(audited(failed('hotel'), 'hotel undone'), /hotel undone before it was done/)
    assert.match(audited(undefined, 'hotel done'), /no outcome/)
  })
})
