import { currentScopeOrNone } from '@perdure/workflow/host'

/** The test runner would blame whichever test runs for a rejection that workflow code left unhandled. Before the first engine. */
export function leaveRejectionsInWorkflowsToTheEngine(): void {
  if (hasLeftRejections) return
  hasLeftRejections = true
  const event = 'unhandledRejection'
  for (const listener of process.listeners(event)) {
    process.off(event, listener)
    process.on(event, (reason, promise) => {
      if (currentScopeOrNone() === undefined) listener(reason, promise)
    })
  }
}
let hasLeftRejections = false
