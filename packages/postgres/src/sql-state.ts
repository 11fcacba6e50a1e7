/** What the SQLSTATE of an error tells of the connection. Without the engine: the lease thread loads it. */

/** The connection is of no use any more. */
export function isBroken(error: unknown): boolean {
  const state = stateOf(error)
  return state === undefined || isServerGone(state)
}

/** Undefined when the error comes from the network or the client. */
export function stateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object) ? code : undefined
}

/** 08: connection; 25P03, 25P04: too long in a transaction; 57P01..57P03: shut down, crashed, not up yet; 57P05: idle too long. */
function isServerGone(state: string): boolean {
  return state.startsWith('08') || ['25P03', '25P04', '57P01', '57P02', '57P03', '57P05'].includes(state)
}
