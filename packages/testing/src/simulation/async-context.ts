/** Which asynchronous context a step of a simulation runs in. */
import { AsyncResource } from 'node:async_hooks'

/** `call`, to be run in the context of now. `AsyncLocalStorage.bind` does the same for a multiple of the time: it defines properties. */
export function inContext(call: () => void): () => void {
  const resource = new AsyncResource('PerdureStep')
  return () => resource.runInAsyncScope(call)
}
