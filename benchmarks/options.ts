/** The command line of the benchmark. */
import { didYouMean } from '@perdure/workflow/host'
import { parseArgs } from 'node:util'
import { type EngineName, engineNames, type StoreName, storeNames } from './engine-adapter.ts'
import { type Amounts, type ScenarioName, scenarioNames } from './scenario.ts'

export interface Options {
  readonly amounts: Amounts
  readonly json?: string
  readonly scenarios: readonly ScenarioName[]
  readonly engines: readonly EngineName[]
  readonly stores: readonly StoreName[]
}

const quickScenarios: readonly ScenarioName[] = ['S1', 'S2', 'S3']
/** Those that npm ci installs. */
const quickEngines: readonly EngineName[] = ['floor', 'dbos', 'perdure']

export const usage = `npm run bench -- [--quick] [--json FILE] [--scenario S1,...] [--engine dbos,...] [--store sqlite,...]

  --quick     ${quickScenarios.join(', ')} of ${quickEngines.join(', ')}, with fewer workflows; under three minutes
  --json      writes the results there too
  --scenario  of ${scenarioNames.join(', ')}; default: all
  --engine    of ${engineNames.join(', ')}; default: all
  --store     of ${storeNames.join(', ')}; default: all
  --share     so much of each amount, from 0 to 1: for trying out, the numbers mean nothing

PostgreSQL: DATABASE_URL names a server where databases may be created; without it a server is started for the run.
The engines besides ${quickEngines.join(', ')} are installed by npm run bench:peers.`

/** Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      scenario: { type: 'string' },
      engine: { type: 'string' },
      store: { type: 'string' },
      share: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const { quick } = values
  return {
    amounts: { quick, share: shareOf(values.share) },
    ...(values.json === undefined ? {} : { json: values.json }),
    scenarios: listed('scenario', values.scenario, scenarioNames) ?? (quick ? quickScenarios : scenarioNames),
    engines: listed('engine', values.engine, engineNames) ?? (quick ? quickEngines : engineNames),
    stores: listed('store', values.store, storeNames) ?? storeNames,
  }
}

/** In the order of the known names. */
export function listed<T extends string>(option: string, text: string | undefined, known: readonly T[]): T[] | undefined {
  if (text === undefined) return undefined
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (known.some((each) => each === name)) continue
    throw new Error(`--${option}: unknown '${name}'${didYouMean(name, known) || '.'} Known: ${known.join(', ')}`)
  }
  return known.filter((name) => names.includes(name))
}

export function shareOf(text: string): number {
  const share = Number(text)
  if (!(share > 0 && share <= 1)) throw new Error(`--share: "${text}" is not a number above 0 and at most 1`)
  return share
}
