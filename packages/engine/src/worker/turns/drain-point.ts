/**
 * Two pieces of work with all microtasks between them, and no I/O: two immediates queued together, which Node runs in the same
 * check phase, next to each other (see activation-loop). So a promise of foreign I/O cannot resume in between, and no
 * other activation begins.
 */
import { runOutsideWorkflow } from '../../determinism/workflow-context.ts'

/** Resolves with what `end` gives; rejects with what either throws, and `end` is not called when `begin` threw. */
export function drained<Begun, Ended>(begin: () => Begun, end: (begun: Begun) => Ended): Promise<Ended> {
  return new Promise((resolve, reject) => {
    runOutsideWorkflow(() => {
      let begun: { readonly value: Begun } | undefined
      setImmediate(() => {
        try { begun = { value: begin() } } catch (error) { reject(error) }
      })
      setImmediate(() => {
        if (begun === undefined) return
        try { resolve(end(begun.value)) } catch (error) { reject(error) }
      })
    })
  })
}
