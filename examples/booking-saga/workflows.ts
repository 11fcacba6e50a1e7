import { ActivityFailure, type CompensationOutcome, isCancellation, log, proxyActivities, rootCause, Saga } from 'perdure/workflow'
import type { createActivities } from './activities.ts'
import type { Booking, BookingOutcome, Step } from './booking.ts'

type Activities = ReturnType<typeof createActivities>

// Intervals are short so that the example is quick to watch; '1 second' is what real providers deserve.
const { reserveHotel, reserveFlight, chargePayment } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '50 ms', maximumAttempts: 3 },
  // Nothing is undone before it is known how it ended.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
})
// No limit on attempts: what was reserved and is not wanted must go.
const { cancelHotel, cancelFlight, refundPayment } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '50 ms', maximumInterval: '1 second' },
})

/** Books a hotel and a flight and charges for both: all of it, or nothing. Whatever fails, what was done is undone, last step first. */
export async function bookingSaga(booking: Booking): Promise<BookingOutcome> {
  const bookingId = booking.booking_id
  const saga = new Saga()
  try {
    // Added before the step is taken: a step whose answer was lost may have been taken all the same.
    saga.addCompensation('hotel', () => cancelHotel(booking))
    const hotelReservation = await reserveHotel(booking)
    saga.addCompensation('flight', () => cancelFlight(booking))
    const flightReservation = await reserveFlight(booking)
    saga.addCompensation('payment', () => refundPayment(booking))
    const transaction = await chargePayment(booking)
    return { status: 'booked', bookingId, hotelReservation, flightReservation, transaction }
  } catch (error) {
    const reason = rootCause(error) ?? String(error)
    log.info('Booking failed; undoing what was done', { bookingId, reason })
    // Also when the workflow itself is cancelled: a cancellation does not stop the clean-up.
    const undone = stepsUndone(await saga.compensate())
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
    return { status: 'failed', bookingId, reason, undone }
  }
}

/** The providers answer false where there was nothing to undo. */
function stepsUndone(outcomes: readonly CompensationOutcome[]): Step[] {
  return outcomes.flatMap((outcome) => outcome.status === 'undone' && outcome.result === true ? [outcome.name as Step] : [])
}
