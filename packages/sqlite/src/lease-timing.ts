/** What the lease thread and its starter share. Without imports, so that the thread loads little. */

/** What the thread gets. `clocks`: steady times at which the main thread last moved, and renewed; `watchClosed`: 1 when it watches not. */
export interface LeaseThreadData {
  readonly file: string
  readonly lockPath: string
  readonly incarnation: number
  readonly clocks: BigInt64Array
  readonly watchClosed: Int32Array
  readonly timing: LeaseTiming
}

export interface LeaseTiming {
  /** How often the thread looks. */
  readonly lookMs: number
  /** The thread renews when the main thread has not for so long, */
  readonly mainSilentMs: number
  /** unless the main thread has not moved for so long. */
  readonly mainStalledMs: number
}

export type LeaseThreadMessage = { readonly type: 'locked' }
export const movedClock = 0
export const renewedClock = 1

/** Milliseconds of a clock that nobody sets, the same in all threads. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

interface Clocks {
  readonly now: number
  readonly lastRenewedAt: number
  readonly lastMovedAt: number
}

/** Whether the thread is to renew in place of the main thread. */
export function mustRenew({ now, lastRenewedAt, lastMovedAt }: Clocks, timing: LeaseTiming): boolean {
  return now - lastRenewedAt >= timing.mainSilentMs && now - lastMovedAt <= timing.mainStalledMs
}
