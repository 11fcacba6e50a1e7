/** The process of one engine: measures one scenario on an empty database, tells its parent, and ends. */
import { adapterOf } from './adapters.ts'
import { measureBacklog } from './backlog.ts'
import type { EngineName, Target } from './engine-adapter.ts'
import { measureIdle } from './idle.ts'
import type { Measured } from './measured.ts'
import { type Amounts, type ScenarioName, scenarioOf } from './scenario.ts'
import { measureSleepers } from './sleepers.ts'
import { measureTakeover } from './takeover.ts'
import { measureThroughput } from './throughput.ts'

export interface Assignment {
  readonly engine: EngineName
  readonly target: Target
  readonly scenario: ScenarioName
  readonly amounts: Amounts
  /** idle: where statements are counted, if they are. */
  readonly statistics?: string
}

if (import.meta.main) {
  const measured = await run(JSON.parse(process.argv[2] ?? '') as Assignment)
  process.send?.(measured, () => process.exit(0))
}

async function run({ engine, target, scenario: name, amounts, statistics }: Assignment): Promise<Measured> {
  const scenario = scenarioOf(name, amounts)
  const adapter = await adapterOf(engine)
  switch (name) {
    case 'S5':
      return measureBacklog({ engine, adapter, target, scenario })
    case 'S7':
      return measureTakeover({ engine, adapter, target, scenario })
    case 'idle':
      return measureIdle({ adapter, target, scenario, statistics })
    case 'S6':
      return measureSleepers({ engine, adapter, target, scenario })
    default: {
      const running = await adapter.openEngine(target, name)
      const measured = await measureThroughput(running, scenario)
      await running.close()
      return measured
    }
  }
}
