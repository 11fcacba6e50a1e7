/** The process of one engine: measures one scenario on an empty database, tells its parent, and ends. */
import type { EngineName, OpenEngine, Target } from './engine-adapter.ts'
import { measure, type Measured } from './measure.ts'
import { type ScenarioName, scenarioOf } from './scenario.ts'

export interface Assignment {
  readonly engine: EngineName
  readonly target: Target
  readonly scenario: ScenarioName
  readonly quick: boolean
}

if (import.meta.main) {
  const assignment = JSON.parse(process.argv[2] ?? '') as Assignment
  const measured = await run(assignment)
  process.send?.(measured, () => process.exit(0))
}

async function run({ engine, target, scenario: name, quick }: Assignment): Promise<Measured> {
  const scenario = scenarioOf(name, quick)
  const open = await adapterOf(engine)
  const running = await open(target, scenario)
  const measured = await measure(running, scenario)
  await running.close()
  return measured
}

async function adapterOf(engine: EngineName): Promise<OpenEngine> {
  switch (engine) {
    case 'dbos':
      return (await import('./engines/dbos.ts')).openEngine
    case 'floor':
      return (await import('./engines/floor.ts')).openEngine
    case 'perdure':
      return (await import('./engines/perdure.ts')).openEngine
  }
}
