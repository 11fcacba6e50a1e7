/** Time for the engine. `now` follows the store's clock; `timer` calls once, not before `delayMs`, and returns how to stop it. */
export interface Clock {
  now(): number
  /** Told at every tick what the store's clock says. */
  correct(storeNow: number): void
  timer(delayMs: number, call: () => void): () => void
  /** As `timer`, for what looks again and again: a clock that skips time passes over it. If not given, `timer` does. */
  beat?(delayMs: number, call: () => void): () => void
}
