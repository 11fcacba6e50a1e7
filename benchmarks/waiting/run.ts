/** `npm run bench:waiting`: what executions cost that only wait, in the memory of a worker and in the database of an idle one. */
import { parseArgs } from 'node:util'
import { commandOptions, wholeNumber } from '../../tests/support/command-options.ts'
import { answerOf } from '../child-answer.ts'
import { type Databases, openDatabases } from '../databases.ts'
import type { StoreName, Target } from '../engine-adapter.ts'
import type { Reading } from '../metric.ts'
import { listed } from '../options.ts'
import { compilePrograms, type Programs } from '../programs.ts'
import type { Task } from './process.ts'

const stores = ['postgres', 'sqlite'] as const

const usage = 'npm run bench:waiting -- [--store sqlite,...] [--held 10000] [--waiting 100000] [--seconds 60]'

process.env['PERDURE_LOG_LEVEL'] ??= 'error'
process.exitCode = await main()

async function main(): Promise<number> {
  const { help, held, waiting, seconds, wanted } = commandOptions(usage, () => {
    const { values } = parseArgs({
      options: {
        store: { type: 'string' }, held: { type: 'string', default: '10000' }, waiting: { type: 'string', default: '100000' },
        seconds: { type: 'string', default: '60' }, help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const numberOf = (name: 'held' | 'waiting' | 'seconds'): number => wholeNumber(name, values[name])
    return {
      help: values.help, held: numberOf('held'), waiting: numberOf('waiting'), seconds: numberOf('seconds'),
      wanted: listed('store', values.store, stores) ?? stores,
    }
  })
  if (help) {
    console.log(usage)
    return 0
  }
  const programs = compilePrograms()
  process.once('exit', () => programs.remove())
  const databases = await openDatabases(wanted, process.env['DATABASE_URL'] || undefined)
  try {
    for (const store of wanted) {
      await tellHeld(store, held, databases, programs)
      await tellIdle(store, { waiting, seconds, databases, programs })
    }
    return 0
  } finally {
    await databases.close()
  }
}

async function tellHeld(store: StoreName, workflows: number, databases: Databases, programs: Programs): Promise<void> {
  const { before = 0, resident = 0, peak = 0 } = await databases.withEmpty({ engine: 'perdure', store }, (target) => {
    return perform(programs, { type: 'hold', target, workflows, seconds: 0 }) as Promise<Record<string, number>>
  })
  const each = ((resident - before) * 1_024) / workflows
  console.log(`${store}: a worker with ${workflows.toLocaleString('en')} waiting executions in memory has ${resident.toFixed(0)} MiB `
    + `resident (at most ${peak.toFixed(0)}; ${before.toFixed(0)} before; ${each.toFixed(1)} KiB for each, garbage included)`)
}

interface Idle {
  readonly waiting: number
  readonly seconds: number
  readonly databases: Databases
  readonly programs: Programs
}

/** Both idle at the same time, so that what else the machine does falls on both. */
async function tellIdle(store: StoreName, { waiting, seconds, databases, programs }: Idle): Promise<void> {
  const contestant = { engine: 'perdure', store } as const
  const counts = store === 'postgres' && databases.postgres?.countsStatements === true
  const statistics = counts ? { statistics: databases.postgres.connectionString } : {}
  const idle = (target: Target) => perform(programs, { type: 'idle', target, workflows: 0, seconds, ...statistics })
  const [none, many] = await databases.withEmpty(contestant, (full) => databases.withEmpty(contestant, async (empty) => {
    await perform(programs, { type: 'fill', target: full, workflows: waiting, seconds })
    return Promise.all([idle(empty), idle(full)])
  }, counts), counts)
  for (const [figure, unit] of [['cpu', '% of a core'], ['statements', 'statements/h']] as const) {
    const [without, beside] = [none[figure], many[figure]]
    if (typeof without !== 'number' || typeof beside !== 'number') continue
    const digits = figure === 'cpu' ? 3 : 0
    console.log(`${store}: an idle worker beside ${waiting.toLocaleString('en')} waiting executions: ${beside.toFixed(digits)} ${unit}, `
      + `on an empty database ${without.toFixed(digits)}: ${(beside / without).toFixed(2)} x`)
  }
}

function perform(programs: Programs, task: Task): Promise<Reading> {
  return answerOf<Reading>(programs.pathOf('waiting/process.ts', 'perdure'), task)
}
