/** Holds what the workflows returned against the providers' ledger. */
import type { Booking, BookingOutcome, Step } from './booking.ts'
import type { Entry } from './ledger.ts'

const steps: readonly Step[] = ['hotel', 'flight', 'payment']

/** One line for each contradiction; none if every trip is booked whole or not at all, and was undone in reverse order. */
export function audit(bookings: readonly Booking[], outcomes: readonly BookingOutcome[], entries: readonly Entry[]): string[] {
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.bookingId, outcome]))
  const entriesOf = Map.groupBy(entries, (entry) => entry.bookingId)
  return bookings.flatMap(({ booking_id: id }) => {
    return problemsOf(outcomeOf.get(id), entriesOf.get(id) ?? []).map((problem) => `${id}: ${problem}`)
  })
}

function problemsOf(outcome: BookingOutcome | undefined, entries: readonly Entry[]): string[] {
  const problems: string[] = []
  let held: Step[] = []
  const undone: Step[] = []
  for (const { step, event } of entries) {
    if (event === 'done') {
      if (undone.length > 0 || steps[held.length] !== step) problems.push(`${step} done out of turn`)
      held.push(step)
    } else if (event === 'undone') {
      if (held.at(-1) !== step) problems.push(`${step} undone before ${held.at(-1) ?? 'it was done'}`)
      held = held.filter((each) => each !== step)
      undone.push(step)
    } else if (event === 'nothing to undo' && held.includes(step)) problems.push(`${step} kept although it was cancelled`)
  }
  if (outcome === undefined) return [...problems, 'no outcome']
  const kept = outcome.status === 'booked' ? steps : []
  if (held.join() !== kept.join()) problems.push(`${outcome.status}, and the providers hold ${listed(held)}`)
  const said = outcome.status === 'failed' ? outcome.undone : []
  if (said.join() !== undone.join()) problems.push(`says it undid ${listed(said)}, and undid ${listed(undone)}`)
  return problems
}

function listed(steps: readonly Step[]): string {
  return steps.join(', ') || 'nothing'
}
