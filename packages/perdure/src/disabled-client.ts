/** The client of an engine that the configuration switched off: whatever is called, it says so. */
import type { PerdureError, WorkflowClient } from '@perdure/engine'

/** @param error makes one for each call, so that its stack shows who called */
export function refusingClient(error: () => PerdureError): WorkflowClient {
  const refuse = async (): Promise<never> => {
    throw error()
  }
  const refuseNow = (): never => {
    throw error()
  }
  return new Proxy({} as WorkflowClient, { get: (_client, name) => (name === 'getHandle' ? refuseNow : refuse) })
}
