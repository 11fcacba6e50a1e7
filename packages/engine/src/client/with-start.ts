/** Starts with a message: the execution has it in its inbox from the start; one that is open already gets it posted. */
import type { Deferred } from '../execution/deferred.ts'
import { withStartLooksMax } from '../limits.ts'
import { StoreBusyError } from '../ports/store-error.ts'
import type { StartRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import { PerdureError } from '../error.ts'
import type { AnyStartOptions, StartOptions, StartSettings, WorkflowWithoutArguments } from './start-options.ts'
import type { Started, Starter } from './starter.ts'
import type { StartedWorkflowHandle } from './workflow-handle.ts'

/**
 * @param join gives the message to the open run; undefined: it has closed
 * @throws as Starter.start does
 */
export async function startOrJoin<T>(
  starter: Starter, record: StartRecord, join: (run: Started) => Promise<T | undefined>,
): Promise<{ readonly started: Started; readonly joined: T | undefined }> {
  for (let looks = 1; looks <= withStartLooksMax; looks++) {
    const started = await starter.start(record)
    if (!started.joined) return { started, joined: undefined }
    const joined = await join(started)
    if (joined !== undefined) return { started, joined }
  }
  throw new StoreBusyError(`The executions of '${record.workflowId}' close faster than a message reaches them; try again`)
}

/** How to start the workflow, for `startUpdateWithStart` and `executeUpdateWithStart`; one for each call. */
export class WithStartWorkflowOperation<T extends WorkflowFunction = WorkflowFunction> {
  readonly workflowTypeOrFunc: T | string
  readonly options: AnyStartOptions
  readonly #handle = Promise.withResolvers<StartedWorkflowHandle<T>>()
  #isUsed = false

  constructor(workflow: string, options: AnyStartOptions & RequiredPolicy)
  constructor(workflow: T & WorkflowWithoutArguments, options: StartSettings & RequiredPolicy)
  constructor(workflow: T, options: StartOptions<T> & RequiredPolicy)
  constructor(workflow: T | string, options: AnyStartOptions & RequiredPolicy) {
    this.workflowTypeOrFunc = workflow
    this.options = options
    // Nobody need ask for the handle of what could not be started.
    this.#handle.promise.catch(() => undefined)
  }

  /** The execution that was started or was open, whatever becomes of the update. */
  workflowHandle(): Promise<StartedWorkflowHandle<T>> {
    return this.#handle.promise
  }

  /**
   * For the client that carries it out.
   * @throws PerdureError OPTIONS_INVALID the second time
   */
  static begin<T extends WorkflowFunction>(operation: WithStartWorkflowOperation<T>): Deferred<StartedWorkflowHandle<T>> {
    if (operation.#isUsed) {
      throw new PerdureError('OPTIONS_INVALID', 'This WithStartWorkflowOperation was carried out already; make one for each call')
    }
    operation.#isUsed = true
    return operation.#handle
  }
}

type RequiredPolicy = { readonly workflowIdConflictPolicy: NonNullable<StartSettings['workflowIdConflictPolicy']> }
