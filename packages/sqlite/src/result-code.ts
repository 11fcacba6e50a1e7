/** SQLite's result codes, https://sqlite.org/rescode.html. Without imports: the lease thread loads it too. */
export const code = {
  busy: 5, locked: 6, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, tooBig: 18, constraint: 19, notADatabase: 26,
}
export const readOnlyDatabaseMoved = 1032

/** The extended result code; undefined for an error of another origin. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode
}

export function primaryCode(error: unknown): number | undefined {
  const extended = resultCode(error)
  return extended === undefined ? undefined : extended % 256
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === code.busy || primaryCode(error) === code.locked
}
