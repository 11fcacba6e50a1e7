/** The port between the harness and an engine under test. */
import type { Scenario } from './scenario.ts'

export const engineNames = ['floor', 'dbos', 'perdure'] as const
export type EngineName = (typeof engineNames)[number]

export const storeNames = ['postgres', 'sqlite'] as const
export type StoreName = (typeof storeNames)[number]

/** Where an engine keeps its data: an empty database of its own. */
export interface Target {
  readonly store: StoreName
  /** Connection string, or path of the file. */
  readonly database: string
}

export interface Counts {
  readonly workflows: number
  readonly steps: number
}

export interface RunningEngine {
  /** Starts a workflow of so many sequential steps and waits for its result through the engine's own client. */
  execute(workflowId: string, steps: number): Promise<void>
  /** What the database holds as completed, read past the engine. */
  countCompleted(): Promise<Counts>
  close(): Promise<void>
}

export type OpenEngine = (target: Target, scenario: Scenario) => Promise<RunningEngine>

/** The combinations that exist. */
export function hasStore(engine: EngineName, store: StoreName): boolean {
  return engine !== 'dbos' || store === 'postgres'
}
