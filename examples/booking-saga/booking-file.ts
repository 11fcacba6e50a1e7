import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Booking } from './booking.ts'

export function readBookings(): Booking[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'bookings.json'), 'utf8')) as Booking[]
}
