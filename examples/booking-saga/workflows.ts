import { ActivityFailure, CancellationScope, isCancellation, log, proxyActivities, rootCause } from 'perdure/workflow'
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

interface Compensation {
  readonly step: Step
  /** False if there was nothing to undo. */
  readonly undo: () => Promise<boolean>
}

/** Books a hotel and a flight and charges for both: all of it, or nothing. Whatever fails, what was done is undone, last step first. */
export async function bookingSaga(booking: Booking): Promise<BookingOutcome> {
  const bookingId = booking.booking_id
  const compensations: Compensation[] = []
  try {
    // Planned before the step is taken: a step whose answer was lost may have been taken all the same.
    compensations.push({ step: 'hotel', undo: () => cancelHotel(booking) })
    const hotelReservation = await reserveHotel(booking)
    compensations.push({ step: 'flight', undo: () => cancelFlight(booking) })
    const flightReservation = await reserveFlight(booking)
    compensations.push({ step: 'payment', undo: () => refundPayment(booking) })
    const transaction = await chargePayment(booking)
    return { status: 'booked', bookingId, hotelReservation, flightReservation, transaction }
  } catch (error) {
    const reason = rootCause(error) ?? String(error)
    log.info('Booking failed; undoing what was done', { bookingId, reason })
    // Also when the workflow itself is cancelled: a cancellation must not stop the clean-up.
    const undone = await CancellationScope.nonCancellable(() => compensate(compensations))
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
    return { status: 'failed', bookingId, reason, undone }
  }
}

async function compensate(compensations: readonly Compensation[]): Promise<Step[]> {
  const undone: Step[] = []
  for (const { step, undo } of compensations.toReversed()) if (await undo()) undone.push(step)
  return undone
}
