/** The port between the harness and an engine under test. */
import type { ScenarioName } from './scenario.ts'

export const engineNames = [
  'floor', 'dbos', 'perdure', 'openworkflow', 'absurd', 'graphile-worker', 'pg-boss', 'restate', 'temporal',
  'temporal-local',
] as const
export type EngineName = (typeof engineNames)[number]

/** `own`: what the engine's own server keeps. */
export const storeNames = ['postgres', 'sqlite', 'own'] as const
export type StoreName = (typeof storeNames)[number]

/** Where an engine keeps its data: an empty database of its own. */
export interface Target {
  readonly store: StoreName
  /** Connection string, or path of a file or folder. */
  readonly database: string
  /** Of engines with a server of their own: where it listens, and which process it is. */
  readonly server?: { readonly addresses: Readonly<Record<string, string>>; readonly pid: number }
}

export type Workflow =
  /** Steps one after another. */
  | { readonly type: 'chain'; readonly id: string; readonly steps: number }
  /** Steps side by side. */
  | { readonly type: 'fan'; readonly id: string; readonly steps: number }
  | { readonly type: 'sleep'; readonly id: string; readonly ms: number }

/** What the database holds as completed, read past the engine. Steps: where they can be told. */
export interface Counts {
  readonly workflows: number
  readonly steps?: number
}

interface Opened {
  countCompleted(): Promise<Counts>
  close(): Promise<void>
}

/** Worker and client in one process. */
export interface RunningEngine extends Opened {
  /** Starts a workflow and waits for its end, in the way that is the engine's fastest under load. */
  execute(workflow: Workflow): Promise<void>
  /** The same through the engine's own client up to the result, where that is another way. */
  executeForResult?(workflow: Workflow): Promise<void>
  /** `execute` resolves when the code has ended, a moment before that is durable: the time goes on until the database says so. */
  readonly resolvesBeforeDurable?: true
}

/** A process that starts workflows and runs none. */
export interface StartingClient extends Opened {
  start(workflow: Workflow): Promise<void>
  /** Where the engine has a bulk start. */
  startMany?(workflows: readonly Workflow[]): Promise<void>
}

export interface RunningWorker {
  close(): Promise<void>
}

export interface EngineAdapter {
  openEngine(target: Target, scenario: ScenarioName): Promise<RunningEngine>
  /** S5, S7: creates the schema where there is none. */
  openClient(target: Target, scenario: ScenarioName): Promise<StartingClient>
  /** S5, S7, idle. The schema exists, except in idle. */
  openWorker(target: Target, scenario: ScenarioName): Promise<RunningWorker>
}
