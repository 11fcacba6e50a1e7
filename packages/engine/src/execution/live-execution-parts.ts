/** What an execution in memory is made of. */
import type { Headers, WorkflowInfo, WorkflowInterceptorsFactory } from '@perdure/workflow'
import type { WorkflowScope } from '@perdure/workflow/host'
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { Millis, RunId } from '../protocol/ids.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { Command } from './command.ts'
import type { EarlyUpdate } from './message-handlers.ts'
import type { PendingCommands } from './pending-commands.ts'

/** What does not change while a run goes on. */
export type StartedInfo = Omit<
  WorkflowInfo, 'historyLength' | 'historySize' | 'continueAsNewSuggested' | 'suggestedContinueAsNewReasons' | 'typedSearchAttributes' |
    'originalExecutionRunId' | 'taskTimeoutMs' | 'targetWorkerDeploymentVersionChanged' | 'unsafe'
> & { readonly taskTimeoutMs?: number }

export type AcceptedUpdate = Omit<EarlyUpdate, 'isAccepted'>

export interface LiveExecutionParts {
  readonly runId: RunId
  readonly workflowType: string
  readonly namespace: string
  readonly fn: WorkflowFunction
  readonly args: readonly unknown[]
  readonly startedAt: Millis
  /** As they were at the start; the rest of WorkflowInfo is kept here. */
  readonly info: () => StartedInfo
  readonly historyEventsSuggested: number
  /** For arguments and results. */
  readonly values: ValueConverter
  readonly interceptors: readonly WorkflowInterceptorsFactory[]
  /** Of the start. */
  readonly headers: () => Headers
  readonly wallClock: () => Millis
  readonly runInScope: <T>(scope: WorkflowScope, fn: () => T) => T
  /** Workflow code did something outside of an activation (E1). */
  readonly onStray: (error: Error) => void
  /** A call issued no command because its scope is cancelled; for numbers of Temporal. */
  readonly onPassedOver?: ((kind: 'activity' | 'timer', pending: PendingCommands) => void) | undefined
  /** The code takes back what it asked for in the same activation, after these commands; for histories that tell of it. */
  readonly onWithdrawn?: ((command: Command, issued: readonly Command[]) => void) | undefined
  /** The handler of an accepted update is called. */
  readonly onUpdateBegun?: ((update: AcceptedUpdate, issued: readonly Command[]) => void) | undefined
  /** The code took the new way of a patch, after these commands of the activation; for histories that keep that order. */
  readonly onPatched?: ((patchId: string, deprecated: boolean, issued: readonly Command[]) => void) | undefined
  /** A handler of updates was set; for histories in which updates wait for it. */
  readonly onUpdateHandler?: (() => void) | undefined
  /** What is thrown out of the workflow function ends it as FAILED; else the execution is held. */
  readonly isFailure: (error: unknown) => boolean
  /** The code ran in this process from its first line on (patches.ts). */
  readonly isOurs: boolean
  /** Records where each command was issued; only for making a diff readable. */
  readonly captureLocations?: boolean
}
