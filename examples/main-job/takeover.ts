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
  const left = orders.filter(([, calls]) => isLeftBehind(calls.filter((call) => call.at <= killedAt), dead))
  const delays = left.flatMap(([, calls]) => {
    const next = calls.find((call) => call.at > killedAt && call.worker !== dead)
    return next === undefined ? [] : [next.at - killedAt]
  })
  const leftBehind = left.map(([orderId]) => orderId)
  if (delays.length === 0) return { leftBehind, continued: 0 }
  return { leftBehind, continued: delays.length, firstAfterMs: Math.min(...delays), lastAfterMs: Math.max(...delays) }
}

/**
 * A first attempt runs where its order is, a retry on any worker: so an order was in the dead worker's hands when all it
 * has seen are first attempts there. What it did last is done and not the last step, so that only a new owner goes on.
 */
function isLeftBehind(calls: readonly Effect[], dead: string): boolean {
  const last = calls.at(-1)
  if (last === undefined || last.kind === 'confirm' || last.kind === 'refund') return false
  return calls.every((call) => call.worker === dead && call.attempt === 1 && call.outcome === 'done')
}
