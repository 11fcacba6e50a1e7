/** Errors of Temporal's packages that are no failures: code brought along catches them by these classes. */
import { brandClass } from './class-brand.ts'

/** Base of the errors that workflow functions throw. */
export class WorkflowError extends Error {}

/** A value is not what it has to be. */
export class ValueError extends Error {
  constructor(message: string | undefined, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}

/** A value cannot be turned into a payload, or back. */
export class PayloadConverterError extends ValueError {}

/** Something was asked for at a time when it cannot be done. */
export class IllegalStateError extends Error {}

/** There is no such execution, or it is closed. */
export class WorkflowNotFoundError extends Error {
  readonly workflowId: string
  readonly runId: string | undefined
  constructor(message: string, workflowId: string, runId: string | undefined) {
    super(message)
    this.workflowId = workflowId
    this.runId = runId
  }
}

export class NamespaceNotFoundError extends Error {
  readonly namespace: string
  constructor(namespace: string) {
    super(`Namespace not found: '${namespace}'`)
    this.namespace = namespace
  }
}

/**
 * Thrown by an activity that somebody else will complete, with the `taskToken` of its info: engine.activities.complete(),
 * fail(), heartbeat(). The attempt goes on until then, or until one of its timeouts.
 */
export class CompleteAsyncError extends Error {
  constructor(message = 'The activity will be completed by somebody else') {
    super(message)
    this.name = 'CompleteAsyncError'
  }
}

/** Never thrown by Perdure: pauses between the attempts of a local activity are the engine's. */
export class LocalActivityDoBackoff extends Error {
  readonly backoff: object
  constructor(backoff: object) {
    super()
    this.backoff = backoff
  }
}

brandClass(WorkflowError, 'WorkflowError')
brandClass(ValueError, 'ValueError')
brandClass(PayloadConverterError, 'PayloadConverterError')
brandClass(IllegalStateError, 'IllegalStateError')
brandClass(WorkflowNotFoundError, 'WorkflowNotFoundError')
brandClass(NamespaceNotFoundError, 'NamespaceNotFoundError')
brandClass(CompleteAsyncError, 'CompleteAsyncError')
brandClass(LocalActivityDoBackoff, 'LocalActivityDoBackoff')
