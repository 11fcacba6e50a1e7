/**
 * What hotels, airlines and banks did, in their own words: one JSON line for each call. It knows nothing of the engine, so
 * that what the engine recorded can be held against it.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import type { Step } from './booking.ts'

export interface Entry {
  readonly bookingId: string
  readonly step: Step
  readonly event: 'done' | 'undone' | 'refused' | 'silent' | 'nothing to undo'
  readonly attempt: number
}

export interface Ledger {
  append(entry: Entry): void
  entries(): Entry[]
  /** Done, and not undone since. */
  holds(bookingId: string, step: Step): boolean
}

export function openLedger(path: string): Ledger {
  appendFileSync(path, '')
  const entries = () => readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as Entry)
  return {
    append: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`),
    entries,
    holds: (bookingId, step) => {
      const last = entries().findLast((entry) => {
        return entry.bookingId === bookingId && entry.step === step && (entry.event === 'done' || entry.event === 'undone')
      })
      return last?.event === 'done'
    },
  }
}
