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

/** The test runner would blame a test for a rejection that workflow code left unhandled. Before the first worker of the file. */
export function leaveRejectionsInWorkflows(): void {
  const event = 'unhandledRejection'
  for (const listener of process.listeners(event)) {
    process.off(event, listener)
    process.on(event, (reason, promise) => {
      if (currentHost() === undefined) listener(reason, promise)
    })
  }
}
