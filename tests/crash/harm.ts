/** A kind of harm that real processes and servers meet, and what it is done to. */
import type { Store } from '@perdure/engine'
import type { Engine } from 'perdure'
import type { PostgresCluster } from '../support/postgres-cluster.ts'
import type { Traffic } from './traffic.ts'
import type { WorkerChild, WorkerChildOptions } from './worker-child.ts'

export type StoreKind = 'sqlite' | 'postgres'

export interface Place {
  readonly kind: StoreKind
  readonly database: string
  /** Where the database lies, in a folder of its own. */
  readonly folder: string
  readonly store: Store
  readonly producer: Engine
  /** The server, where there is one: it may be killed. */
  readonly cluster: PostgresCluster | undefined
  readonly random: () => number
  /** Serves at once; the caller need not stop it. */
  addWorker(options?: WorkerChildOptions): WorkerChild
}

export interface Harm {
  readonly name: string
  /** As in "PostgreSQL is killed and started again under load". */
  readonly about: string
  readonly stores: readonly StoreKind[]
  /** In full: so often, and over so many workflows. */
  readonly times: number
  readonly workflows: number
  /** Where the database is to lie, if not among temporary files. */
  readonly folder?: () => HarmFolder | string
  /** Starts workers, and does it so often while the traffic runs; returns what was seen, for the report. */
  readonly harm: (place: Place, traffic: Traffic, times: number) => Promise<string>
}

/** A text instead: why there is none here. */
export interface HarmFolder {
  readonly path: string
  remove(): void
}

/** Of a number in full the share that is to be done, at least one. */
export function shareOf(amount: number, share: number): number {
  return Math.max(1, Math.round(amount * share))
}
