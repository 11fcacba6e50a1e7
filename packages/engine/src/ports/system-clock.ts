/** The clock of a real process: the system's time moved towards the store's, and real timers. */
import { clockCorrectionShare, clockJumpMs } from '../limits.ts'
import type { Clock } from './clock.ts'

// Taken when the module is loaded: whatever replaces them later is not meant for the engine.
const systemNow = Date.now.bind(Date)
const startTimer = globalThis.setTimeout
const stopTimer = globalThis.clearTimeout

/** The longest that setTimeout can wait. */
const timeoutMsMax = 2 ** 31 - 1

export function createSystemClock(): Clock {
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
      // One answer of the store is late by its round trip, so a small error is mostly noise.
      offsetMs += Math.abs(errorMs) > clockJumpMs ? errorMs : errorMs * clockCorrectionShare
    },
    timer,
  }
}

function timer(delayMs: number, call: () => void): () => void {
  let handle: NodeJS.Timeout
  const arm = (leftMs: number): void => {
    const partMs = Math.min(leftMs, timeoutMsMax)
    handle = startTimer(() => (leftMs > partMs ? arm(leftMs - partMs) : call()), partMs)
  }
  arm(Math.max(0, Math.ceil(delayMs)))
  return () => stopTimer(handle)
}
