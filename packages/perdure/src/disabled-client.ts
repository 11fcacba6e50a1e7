/** The client of an engine that the configuration switched off: whatever is called, it says so. */
import type { PerdureError } from '@perdure/engine'

/** Looked for by `await`, which would wait for ever, and by JSON.stringify: nobody has called anything. */
const notCalls: ReadonlySet<string> = new Set(['then', 'toJSON'])

/** @param error makes one for each call, so that its stack shows who called */
export function refusing<T extends object>(error: () => PerdureError): T {
  const refuse = async (): Promise<never> => {
    throw error()
  }
  const refuseNow = (): never => {
    throw error()
  }
  return new Proxy({} as T, {
    get: (_client, name) => {
      if (typeof name === 'symbol' || notCalls.has(name)) return undefined
      return name === 'getHandle' ? refuseNow : refuse
    },
  })
}
