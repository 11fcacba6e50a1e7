/**
 * Stand-ins for hotels, airlines and banks. What each of them does lies in providers.json, so that every run goes the same
 * way. The booking's id is the key of every call: a provider that is asked twice does it once.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { activityInfo, ApplicationFailure } from 'perdure/activity'
import type { Booking, Step } from './booking.ts'
import type { Entry, Ledger } from './ledger.ts'

export interface Provider {
  /** Says no, for good, and why. */
  readonly refuses?: string
  /** Highest amount that it pays. */
  readonly limit?: number
  /** So many attempts get no answer, and nothing is done. */
  readonly silentAtFirst?: number
  /** It does what it is asked, and its answers never arrive. */
  readonly losesAnswers?: boolean
  /** So many attempts to undo get no answer. */
  readonly silentOnUndo?: number
}

export type Providers = Readonly<Record<Step, Readonly<Record<string, Provider>>>>

export function readProviders(): Providers {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'providers.json'), 'utf8')) as Providers
}

export function createActivities(ledger: Ledger, providers: Providers = readProviders()) {
  return {
    reserveHotel: async (booking: Booking) => ask(booking, 'hotel', booking.hotel_id),
    reserveFlight: async (booking: Booking) => ask(booking, 'flight', booking.flight_id),
    chargePayment: async (booking: Booking) => ask(booking, 'payment', booking.user_id),
    cancelHotel: async (booking: Booking) => undo(booking, 'hotel', booking.hotel_id),
    cancelFlight: async (booking: Booking) => undo(booking, 'flight', booking.flight_id),
    refundPayment: async (booking: Booking) => undo(booking, 'payment', booking.user_id),
  }

  function ask(booking: Booking, step: Step, name: string): string {
    const { refuses, limit = Number.POSITIVE_INFINITY, silentAtFirst = 0, losesAnswers } = providerOf(step, name)
    if (activityInfo().attempt <= silentAtFirst) throw silence(booking, step, name)
    const refusal = refuses ?? (booking.total > limit ? `the limit is ${limit}` : undefined)
    if (refusal !== undefined) {
      write(booking, step, 'refused')
      throw ApplicationFailure.nonRetryable(`${name}: ${refusal}`, 'Refused')
    }
    if (!ledger.holds(booking.booking_id, step)) write(booking, step, 'done')
    if (losesAnswers === true) throw ApplicationFailure.retryable(`${name}: the answer was lost`, 'NoAnswer')
    return `${step}-${booking.booking_id}`
  }

  /** False if there was nothing to undo. */
  function undo(booking: Booking, step: Step, name: string): boolean {
    const { silentOnUndo = 0 } = providerOf(step, name)
    if (activityInfo().attempt <= silentOnUndo) throw silence(booking, step, name)
    const held = ledger.holds(booking.booking_id, step)
    write(booking, step, held ? 'undone' : 'nothing to undo')
    return held
  }

  function silence(booking: Booking, step: Step, name: string): ApplicationFailure {
    write(booking, step, 'silent')
    return ApplicationFailure.retryable(`${name} did not answer`, 'NoAnswer')
  }

  function write({ booking_id: bookingId }: Booking, step: Step, event: Entry['event']): void {
    ledger.append({ bookingId, step, event, attempt: activityInfo().attempt })
  }

  function providerOf(step: Step, name: string): Provider {
    const provider = providers[step][name]
    if (provider === undefined) throw ApplicationFailure.nonRetryable(`there is no ${step} '${name}'`, 'Refused')
    return provider
  }
}
