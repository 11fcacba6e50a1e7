/** The client of an engine that the configuration switched off: whatever is called, it says so. */
import type { PerdureError } from '@perdure/engine'

/** @param error makes one for each call, so that its stack shows who called */
export function refusing<T extends object>(error: () => PerdureError): T {
  const refuse = async (): Promise<never> => {
    throw error()
  }
  const refuseNow = (): never => {
    throw error()
  }
  return new Proxy({} as T, { get: (_client, name) => (name === 'getHandle' ? refuseNow : refuse) })
}
