/** What comes in and what goes out; workflows, activities and tests agree on these. */

export interface Booking {
  readonly booking_id: string
  readonly user_id: string
  readonly hotel_id: string
  readonly flight_id: string
  readonly total: number
}

/** What a trip is made of, in the order in which it is booked. */
export type Step = 'hotel' | 'flight' | 'payment'

export type BookingOutcome =
  | {
    readonly status: 'booked'
    readonly bookingId: string
    readonly hotelReservation: string
    readonly flightReservation: string
    readonly transaction: string
  }
  | {
    readonly status: 'failed'
    readonly bookingId: string
    readonly reason: string
    /** What had been done and was undone, in that order. */
    readonly undone: readonly Step[]
  }
