/** Which engine runs on which store, which scenarios it takes part in, and what cannot run here and why. */
import type { EngineName, StoreName } from './engine-adapter.ts'
import type { ScenarioName } from './scenario.ts'

export interface Contestant {
  readonly engine: EngineName
  readonly store: StoreName
}

const stores: Readonly<Record<EngineName, readonly StoreName[]>> = {
  floor: ['postgres', 'sqlite'],
  dbos: ['postgres'],
  perdure: ['postgres', 'sqlite'],
  openworkflow: ['postgres', 'sqlite'],
  absurd: ['postgres'],
  'graphile-worker': ['postgres'],
  'pg-boss': ['postgres'],
  restate: ['own'],
  temporal: ['postgres'],
  'temporal-local': ['postgres'],
}

const ofLocalActivities: readonly ScenarioName[] = ['S1', 'S2', 'S3', 'S4']


export function contestantsOf(engines: readonly EngineName[], wanted: readonly StoreName[]): Contestant[] {
  return engines.flatMap((engine) => stores[engine].filter((store) => wanted.includes(store)).map((store) => ({ engine, store })))
}

/** Why there is nothing to measure. */
export function notApplicable(engine: EngineName, scenario: ScenarioName): string | undefined {
  if (engine === 'floor' && ['S6', 'S7', 'idle'].includes(scenario)) return 'the floor has no timers, no recovery and no worker'
  if (engine === 'temporal-local' && !ofLocalActivities.includes(scenario)) return 'there it would be temporal once more'
  return undefined
}

/** What would take an engine many minutes is measured with less; the results tell how many workflows there were. */
export function shareOf(engine: EngineName, scenario: ScenarioName): number {
  return engine === 'temporal' && scenario === 'S6' ? 0.1 : 1
}
