/** What the effect log says about the moment when one worker took over from another. */
import type { Effect } from '../order-processing/effect-log.ts'

export interface Takeover {
  /** Orders in the dead worker's hands, as far as the log shows: what it did last for them is not their last step. */
  readonly leftBehind: readonly string[]
  /** From the kill to the first step of one of them on another worker; undefined: none went on. */
  readonly firstAfterMs?: number
  readonly lastAfterMs?: number
  readonly continued: number
}

export function takeoverIn(effects: readonly Effect[], dead: string, killedAt: number): Takeover {
  const orders = [...Map.groupBy(effects, (effect) => effect.orderId)]
  const left = orders.filter(([, calls]) => isLeftBehind(calls.findLast((call) => call.at <= killedAt), dead))
  const delays = left.flatMap(([, calls]) => {
    const next = calls.find((call) => call.at > killedAt && call.worker !== dead)
    return next === undefined ? [] : [next.at - killedAt]
  })
  const leftBehind = left.map(([orderId]) => orderId)
  if (delays.length === 0) return { leftBehind, continued: 0 }
  return { leftBehind, continued: delays.length, firstAfterMs: Math.min(...delays), lastAfterMs: Math.max(...delays) }
}

/** A refused call waits for its retry, which any worker may run; what was done waits for a new owner of the order. */
function isLeftBehind(last: Effect | undefined, dead: string): boolean {
  if (last === undefined || last.worker !== dead || last.outcome !== 'done') return false
  return last.kind === 'charge' || last.kind === 'reserve'
}
