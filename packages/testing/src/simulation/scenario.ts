/** What is simulated, and what comes of it. */
import type { HistoryEventView, WorkerParts, WorkflowFunction } from '@perdure/engine'
import type { Fault, RunSize } from './fault.ts'

export type SimulatedActivity = (...args: unknown[]) => unknown

export interface Scenario {
  readonly workflows: ReadonlyMap<string, WorkflowFunction>
  readonly workflowType: string
  readonly args: readonly unknown[]
  readonly taskQueues: readonly [string, ...string[]]
  readonly activities: ReadonlyMap<string, SimulatedActivity>
  /** What somebody does from outside meanwhile. */
  readonly during: ((user: SimulatedUser) => unknown) | undefined
  /** What stands around workflows and activities, how their values are stored, and which errors fail a workflow. */
  readonly code?: Pick<WorkerParts, 'workflowInterceptors' | 'activityInterceptors' | 'values'> & {
    readonly workflowFailureErrorTypes?: WorkerParts['settings']['workflowFailureErrorTypes']
  }
  /** Facts about the attempt that the running code belongs to. */
  readonly attempt: () => AttemptFacts
}

export interface AttemptFacts {
  readonly workflowId: string
  readonly runId: string
  readonly activityId: string
  readonly attempt: number
}

/** The world outside: it talks to the execution through a client of its own. */
export interface SimulatedUser {
  readonly client: UserClient
  readonly workflowId: string
  readonly sleep: (ms: number) => Promise<void>
  readonly now: () => number
}

/** The engine's client, whatever it can do. */
export type UserClient = object

/** One attempt of an activity that began. */
export interface SimulatedCall extends AttemptFacts {
  readonly name: string
  readonly args: readonly unknown[]
  /** Its function has returned; what came of that may be lost all the same. */
  readonly isDone: boolean
}

export interface SimulatedRun {
  readonly seed: number
  readonly faults: readonly Fault[]
  /** What no run may show: it never ended, or does not replay. */
  readonly problem: string | undefined
  readonly status: string
  readonly result: unknown
  readonly failure: Error | undefined
  readonly history: readonly HistoryEventView[]
  readonly calls: readonly SimulatedCall[]
  readonly size: RunSize
  /** Virtual time that passed. */
  readonly tookMs: number
  /** Two runs that differ anywhere differ here. */
  readonly fingerprint: string
}
