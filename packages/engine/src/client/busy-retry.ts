/**
 * Tries again while somebody holds a row or the database, with growing pauses and an end. An unknown outcome ends it at
 * once, unless doing it twice does no harm; the error says what it is that may have been made.
 */
import { busyRetryMsMax, busyRetryMsMin, busyWaitMs } from '../limits.ts'
import type { Clock } from '../ports/clock.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'

export interface BusyRetry<T> {
  readonly clock: Clock
  /** Names the operation in the error, as in "start of workflow 'x'". */
  readonly what: string
  /** 'busy': nothing was done, try again. */
  readonly attempt: () => Promise<T | 'busy'>
  /** Doing it twice does no harm, so that an unknown outcome is settled by doing it again. */
  readonly repeatable: boolean
  /** An earlier try, made elsewhere, of which nobody knows whether it went through. */
  readonly before?: StoreOutcomeUnknownError | undefined
}

export async function untilNotBusy<T>({ clock, what, attempt, repeatable, before }: BusyRetry<T>): Promise<T> {
  const until = clock.now() + busyWaitMs
  let unknown = before === undefined ? undefined : outcomeUnknown(what, before)
  let busy: unknown
  for (let pauseMs = busyRetryMsMin; ; pauseMs = Math.min(busyRetryMsMax, pauseMs * 2)) {
    try {
      const outcome = await attempt()
      if (outcome !== 'busy') return outcome
    } catch (error) {
      if (error instanceof StoreOutcomeUnknownError) {
        unknown = outcomeUnknown(what, error)
        if (!repeatable) throw unknown
      } else if (error instanceof StoreBusyError) busy = error
      // A failure of this try would hide that an earlier one may have gone through.
      else if (unknown === undefined) throw error
      else if (!(error instanceof StoreUnavailableError)) throw unknown
    }
    if (clock.now() >= until) throw unknown ?? tooBusy(what, busy)
    await pause(clock, pauseMs)
  }
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.timer(ms, resolve))
}

/** @param what as of BusyRetry */
export function outcomeUnknown(what: string, cause: StoreOutcomeUnknownError): StoreOutcomeUnknownError {
  return new StoreOutcomeUnknownError(
    `Nobody knows whether the ${what} was made: ${cause.message}; look with describe() or history() before you make it again`, { cause },
  )
}

function tooBusy(what: string, cause: unknown): StoreBusyError {
  return new StoreBusyError(
    `The ${what} was not made: others hold the database or a row of it for more than ${busyWaitMs} ms; try again, and look for a ` +
      'transaction that stays open',
    cause === undefined ? undefined : { cause },
  )
}
