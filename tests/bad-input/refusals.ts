/** What bad input is answered with: an error with a code and a message that tells what to do. */
import assert from 'node:assert/strict'
import { PerdureError, type Logger } from 'perdure'

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** Fails unless the call is refused with this code and a message that fits. */
export async function refused(call: () => unknown, code: string, message: RegExp): Promise<PerdureError> {
  let value: unknown
  try {
    value = await call()
  } catch (error) {
    assert.ok(error instanceof PerdureError, `not a PerdureError: ${error instanceof Error ? error.stack : String(error)}`)
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    return error
  }
  return assert.fail(`it was not refused: ${String(value)}`)
}
