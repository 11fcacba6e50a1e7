/** What the parts of an execution in memory need of it to issue commands. LiveExecution is the only one that has it. */
import type { WorkflowInfo, WorkflowInterceptors } from '@perdure/workflow'
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { CommandNumber, Millis } from '../protocol/ids.ts'
import type { Command, LogLine, Measurement } from './command.ts'
import type { Call, EarlyUpdate } from './message-handlers.ts'
import type { NondeterminismError } from './nondeterminism-error.ts'
import type { PendingCommands } from './pending-commands.ts'

export interface Issuing {
  /** Workflow time. */
  readonly time: Millis
  readonly values: ValueConverter
  /** Number of the activation under way. */
  readonly activation: number
  /** Throws when workflow code may not do `what` now. */
  requireActivation(what: string): void
  issue(command: Command): void
  /** Takes back what was issued under this number in this activation, and not sent. */
  withdraw(command: CommandNumber): void
  /** Settles something once the activation has come to rest, conditions included. */
  settleLater(settle: () => void): void
  /** The history says something else than the code. */
  mismatch(expected: string, command: CommandNumber): NondeterminismError
}

/** What the host of workflow code needs besides. */
export interface Calling extends Issuing {
  readonly replaying: boolean
  /** What runs now only looks, and does not run again on replay: a validator, or the handler of a query. */
  readonly isLooking: boolean
  readonly commands: readonly Command[]
  readonly logs: LogLine[]
  readonly measurements: Measurement[]
  readonly parts: {
    readonly runId: string
    readonly namespace: string
    readonly info: () => Pick<WorkflowInfo, 'memo' | 'searchAttributes'>
    readonly isOurs: boolean
    readonly onPassedOver?: ((kind: 'activity' | 'timer', pending: PendingCommands) => void) | undefined
    readonly onPatched?: ((patchId: string, deprecated: boolean, issued: readonly Command[]) => void) | undefined
    readonly onUpdateHandler?: (() => void) | undefined
    readonly captureLocations?: boolean
  }
  readonly handlerRuns: { readonly count: number }
  info(): WorkflowInfo
  interceptors(): WorkflowInterceptors
  runSignal(call: Call): void
  runEarly(update: EarlyUpdate): void
  unhandled(reason: unknown): void
}
