/** `npm run bench:sizes`: what Perdure costs as things grow, on both stores. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { commandOptions } from '../../tests/support/command-options.ts'
import { answerOf } from '../child-answer.ts'
import { type Databases, openDatabases } from '../databases.ts'
import type { StoreName } from '../engine-adapter.ts'
import { describeMachine } from '../machine.ts'
import { listed, shareOf } from '../options.ts'
import { figure } from '../results-table.ts'
import { compilePrograms, type Programs } from '../programs.ts'
import { median } from '../statistics.ts'
import type { PointFigures } from './point.ts'
import { type Series, seriesNames, seriesOf } from './series.ts'
import type { SizeResult } from './size-result.ts'

const stores = ['postgres', 'sqlite'] as const

const usage = `npm run bench:sizes -- [--json FILE] [--series backlog,...] [--store sqlite,...] [--share 0.01]

  --series  of ${seriesNames.join(', ')}; default: all, some twenty minutes
  --share   so much of each size, from 0 to 1: for trying out, the numbers mean nothing`

process.env['PERDURE_LOG_LEVEL'] ??= 'error'
process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const { help, json, names, wanted, share } = commandOptions(usage, () => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'string' }, series: { type: 'string' }, store: { type: 'string' }, share: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const names = listed('series', values.series, seriesNames) ?? seriesNames
    return { ...values, names, wanted: listed('store', values.store, stores) ?? stores, share: shareOf(values.share) }
  })
  if (help) {
    console.log(usage)
    return 0
  }
  const programs = compilePrograms()
  process.once('exit', () => programs.remove())
  const databases = await openDatabases(wanted, process.env['DATABASE_URL'] || undefined)
  try {
    const machine = await describeMachine(databases.postgres, ['perdure'])
    const results: SizeResult[] = []
    const failures: string[] = []
    for (const name of names) {
      await measureSeries(seriesOf(name), { stores: wanted, share, databases, programs, results, failures })
      if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, share, results, failures }, null, 2)}\n`)
    }
    for (const failure of failures) console.error(failure)
    return failures.length === 0 ? 0 : 1
  } finally {
    await databases.close()
  }
}

interface Run {
  readonly stores: readonly StoreName[]
  readonly share: number
  readonly databases: Databases
  readonly programs: Programs
  readonly results: SizeResult[]
  readonly failures: string[]
}

async function measureSeries(series: Series, run: Run): Promise<void> {
  const { stores: wanted, share, results, failures } = run
  console.log(`\n${series.name}: ${series.title}`)
  for (const point of series.points) {
    const x = series.name === 'workers' || series.name === 'inFlight' ? point : Math.max(10, Math.ceil(point * share))
    for (const store of wanted) {
      try {
        const result = await measurePoint(series, x, store, run)
        results.push(result)
        const told = Object.entries(result.figures).map(([name, { median: value, unit }]) => `${name} ${figure(value)} ${unit}`)
        console.log(`  ${x.toLocaleString('en')} ${series.x} on ${store}: ${told.join(', ')}`)
      } catch (error) {
        const failure = `${series.name} ${x} on ${store} failed: ${error instanceof Error ? error.message : String(error)}`
        failures.push(failure)
        console.error(`  ${failure}`)
      }
    }
  }
}

async function measurePoint(series: Series, x: number, store: StoreName, { share, databases, programs }: Run): Promise<SizeResult> {
  const runs: PointFigures[] = []
  for (let run = 0; run < series.runs; run++) {
    runs.push(await databases.withEmpty({ engine: 'perdure', store }, (target) => {
      return answerOf<PointFigures>(programs.pathOf('sizes/point-process.ts', 'perdure'), { series: series.name, x, target, share })
    }))
  }
  const figures = Object.fromEntries(Object.entries(series.figures).flatMap(([name, unit]) => {
    const values = runs.flatMap((each) => each.values[name] ?? []).map((value) => Number(value.toPrecision(5)))
    return values.length === 0 ? [] : [[name, { unit, median: median(values), runs: values }]]
  }))
  const course = runs[0]?.course
  return { series: series.name, x, store, figures, ...(course === undefined ? {} : { course }) }
}
