/** Deadlines as they were recorded. No check of speed: what is late by more was not ended by the tick, but by something else. */
import assert from 'node:assert/strict'

/** Two processes read one clock; the engine's follows that of the database. */
export const earlyMsMax = 60
/** What is not ended by a tick (200 ms) is ended by the lease (a minute), or never; the rest is for a loaded machine. */
export const lateMsMax = 20_000

export function checkElapsed(elapsedMs: number, wantedMs: number, what: string): void {
  assert.ok(elapsedMs >= wantedMs - earlyMsMax, `${what} ended after ${elapsedMs} ms, before its ${wantedMs} ms`)
  assert.ok(elapsedMs <= wantedMs + lateMsMax, `${what} ended after ${elapsedMs} ms, long after its ${wantedMs} ms`)
}
