/** The clock of those who call the engine: what they wait for bounds the test, and so is measured in real time. */
import { createSystemClock, type Clock } from '@perdure/engine'

export function callersClock(time: Clock): Clock {
  const real = createSystemClock()
  return { now: () => time.now(), correct: () => undefined, timer: (delayMs, call) => real.timer(delayMs, call) }
}
