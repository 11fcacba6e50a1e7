/** What a scenario of the behaviour suite gets, and what it may ask. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { type Engine, type EngineOptions, type StartedWorkflowHandle, WorkflowFailedError, type WorkerOptions } from 'perdure'

export type WorkflowFunction = (...args: never[]) => Promise<unknown>
export type FunctionModule = Readonly<Record<string, unknown>>

export interface EngineSetup {
  /** Default: a queue of the scenario's own, `stage.ownQueue`. */
  readonly taskQueue?: string
  /** Default: 'default'. */
  readonly namespace?: string
  readonly queues?: EngineOptions['queues']
  /** Default: a worker as the suite's. */
  readonly worker?: false | WorkerOptions
  /** Default: those of the suite. */
  readonly workflows?: FunctionModule | 'none'
  readonly activities?: FunctionModule
  readonly identity?: string
  readonly hints?: boolean
  readonly interceptors?: EngineOptions['interceptors']
  readonly dataConverter?: EngineOptions['dataConverter']
  /** Default: a silent one. */
  readonly logger?: EngineOptions['logger']
  /** Default true. */
  readonly started?: boolean
}

export interface StartSetup {
  readonly workflowId?: string
  readonly taskQueue?: string
}

export interface Stage {
  readonly engine: Engine
  /** Unique in the database: the workflow id that `start` uses, and the key of the scenario's probe. */
  readonly id: string
  /** A task queue that the suite's engine does not serve. */
  readonly ownQueue: string
  /** Every event replays the execution from its beginning. */
  readonly cold: boolean
  /** Starts an execution on the suite's engine. */
  start<F extends WorkflowFunction>(workflow: F, ...args: Parameters<F>): Promise<StartedWorkflowHandle>
  /** Another engine on the same database; stopped after the scenario. */
  openAnother(setup?: EngineSetup): Promise<Engine>
}

export interface Scenario {
  readonly name: string
  run(t: TestContext, stage: Stage): Promise<void>
}

/** How engines find their database. */
export type Connection = Pick<EngineOptions, 'database' | 'store' | 'notifier'>

/** The error of an execution that did not complete. */
export async function failureOf(result: Promise<unknown>): Promise<WorkflowFailedError> {
  const error = await rejectionOf(result)
  assert.ok(error instanceof WorkflowFailedError, `not a WorkflowFailedError: ${String(error)}`)
  return error
}

/** What a promise rejects with; fails when it does not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error
  }
  return assert.fail(`it did not reject, it gave ${JSON.stringify(value)}`)
}

type Failed<T> = abstract new (...args: never[]) => T

/** The error as an instance of the class; fails when it is none. */
export function as<T>(wanted: Failed<T>, error: unknown): T {
  assert.ok(error instanceof (wanted as new () => T), `not a ${wanted.name}: ${error instanceof Error ? error.stack : String(error)}`)
  return error
}

/** Asks again until it holds; the test's own limit ends it when it never does. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause(5)
}
