/** The command line of the benchmark. */
import { parseArgs } from 'node:util'
import { type EngineName, engineNames, type StoreName, storeNames } from './engine-adapter.ts'
import { isScenarioName, type ScenarioName, scenarioNames } from './scenario.ts'

export interface Options {
  readonly quick: boolean
  readonly json?: string
  readonly scenarios: readonly ScenarioName[]
  readonly engines: readonly EngineName[]
  readonly stores: readonly StoreName[]
}

export const usage = `npm run bench -- [--quick] [--json FILE] [--scenario S1,...] [--engine dbos,...] [--store sqlite,...]

  --quick     fewer workflows; under three minutes
  --json      writes the results there too
  --scenario  of ${scenarioNames.join(', ')}; default: all
  --engine    of ${engineNames.join(', ')}; default: all
  --store     of ${storeNames.join(', ')}; default: all

PostgreSQL: DATABASE_URL names a server where databases may be created; without it a server is started for the run.`

/** Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      scenario: { type: 'string', default: scenarioNames.join() },
      engine: { type: 'string', default: engineNames.join() },
      store: { type: 'string', default: storeNames.join() },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  return {
    quick: values.quick,
    ...(values.json === undefined ? {} : { json: values.json }),
    scenarios: listed('scenario', values.scenario, isScenarioName, scenarioNames),
    engines: listed('engine', values.engine, (name): name is EngineName => engineNames.some((each) => each === name), engineNames),
    stores: listed('store', values.store, (name): name is StoreName => storeNames.some((each) => each === name), storeNames),
  }
}

function listed<T extends string>(option: string, text: string, isKnown: (name: string) => name is T, known: readonly T[]): T[] {
  const names = text.split(',').map((name) => name.trim())
  return names.map((name) => {
    if (!isKnown(name)) throw new Error(`--${option}: unknown "${name}"; known: ${known.join(', ')}`)
    return name
  })
}
