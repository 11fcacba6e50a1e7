/** The clock of a real process: the system's time moved towards the store's, and real timers. */
import { clockCorrectionShare, clockJumpMs } from '../limits.ts'
import type { Clock } from './clock.ts'

/** What a system offers: its time, which may jump, and timers of at most `timeoutMsMax`, which do not follow such jumps. */
export interface TimeSource {
  now(): number
  /** Returns how to stop it. */
  startTimer(call: () => void, delayMs: number): () => void
}

/** The longest that setTimeout can wait. */
const timeoutMsMax = 2 ** 31 - 1

// Taken when the module is loaded: whatever replaces them later is not meant for the engine.
const startTimeout = globalThis.setTimeout
const stopTimeout = globalThis.clearTimeout
const system: TimeSource = {
  now: Date.now.bind(Date),
  startTimer: (call, delayMs) => {
    const handle = startTimeout(call, delayMs)
    return () => stopTimeout(handle)
  },
}

export function createSystemClock({ now: systemNow, startTimer }: TimeSource = system): Clock {
  let offsetMs = 0
  let last = -Infinity
  return {
    now: () => {
      const at = Math.round(systemNow() + offsetMs)
      // A small correction backwards lets the time stand for a moment: in a history, what follows is not earlier.
      if (at >= last || last - at > clockJumpMs) last = at
      return last
    },
    correct: (storeNow) => {
      const errorMs = storeNow - (systemNow() + offsetMs)
      // An answer of the store is late, never early: whoever is behind it is so by as much at least, and would not see as due
      // what others have just made due. Who is ahead of it may only seem so.
      offsetMs += errorMs > 0 || -errorMs > clockJumpMs ? errorMs : errorMs * clockCorrectionShare
    },
    timer: (delayMs, call) => {
      const waitMs = Math.max(0, Math.ceil(delayMs))
      if (waitMs <= timeoutMsMax) return startTimer(call, waitMs)
      let stop: () => void
      const arm = (leftMs: number): void => {
        const partMs = Math.min(leftMs, timeoutMsMax)
        stop = startTimer(() => (leftMs > partMs ? arm(leftMs - partMs) : call()), partMs)
      }
      arm(waitMs)
      return () => stop()
    },
  }
}
