import { ApplicationFailure, type WorkflowInterceptors } from '@perdure/workflow'
import { didYouMean, runUpdate } from '@perdure/workflow/host'
import { validateUpdate } from './inbound-calls.ts'
import type { EarlyUpdate, MessageHandlers } from './message-handlers.ts'

/** How the failure of an update begins for which there is no handler: as on Temporal, it has no type that says so. */
export const unknownUpdateWords = 'No registered handler for update: '

/** Why an update is rejected; undefined: its handler may be called. A promise that a validator returns is not looked at. */
export function validationError(
  handlers: MessageHandlers, interceptors: WorkflowInterceptors, update: Omit<EarlyUpdate, 'isAccepted'>,
): Error | undefined {
  const { updateId, updateName, input, headers } = update
  try {
    const call = handlers.update({ name: updateName, input, headers })
    if (call === undefined) return unknownUpdate(updateName, handlers.updateNames())
    runUpdate({ id: updateId, name: updateName }, () => validateUpdate(interceptors, updateId, call))
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(`The validator of update '${updateName}' threw ${String(error)}`)
  }
}

function unknownUpdate(name: string, known: readonly string[]): Error {
  const list = known.length === 0 ? '' : `. It handles: ${known.join(', ')}${didYouMean(name, known)}`
  return ApplicationFailure.nonRetryable(`${unknownUpdateWords}${name}${list}`, 'Error')
}
