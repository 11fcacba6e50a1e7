import type { WorkflowHost } from '@perdure/workflow/host'
import { currentHost } from '../src/determinism/workflow-context.ts'

/** The execution in whose context the next unhandled rejection is reported, in place of the test runner, which would fail the test. */
export function contextOfUnhandled(): Promise<WorkflowHost | undefined> {
  const event = 'unhandledRejection'
  const listeners = process.listeners(event)
  process.removeAllListeners(event)
  return new Promise((resolve) => {
    process.once(event, () => {
      for (const listener of listeners) process.on(event, listener)
      resolve(currentHost())
    })
  })
}
