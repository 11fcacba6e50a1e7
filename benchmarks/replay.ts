/** `npm run bench:replay`: how fast a long history is replayed from cold. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Engine } from 'perdure'
import { runReplayHistory, type TemporalHistory } from 'perdure/testing'
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'
import { commandOptions, wholeNumber } from '../tests/support/command-options.ts'
import { median } from './statistics.ts'

const { step } = proxyActivities<{ step(): Promise<void> }>({ startToCloseTimeout: '1 minute' })
const finish = defineSignal('finish')
const stepsDone = defineQuery<number>('stepsDone')

/** As little code as a history can come from. */
async function long(events: number): Promise<void> {
  let [done, hasFinished] = [0, false]
  setHandler(finish, () => { hasFinished = true })
  setHandler(stepsDone, () => done)
  for (; done < events; done++) await step()
  await condition(() => hasFinished)
}

const usage = 'npm run bench:replay -- [--events 10000] [--times 7]'
const workflows = { long }
process.env['PERDURE_LOG_LEVEL'] ??= 'error'
process.exitCode = await main()

async function main(): Promise<number> {
  const { help, events, times } = commandOptions(usage, () => {
    const { values } = parseArgs({
      options: {
        events: { type: 'string', default: '10000' }, times: { type: 'string', default: '7' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return { help: values.help, events: wholeNumber('events', values.events), times: wholeNumber('times', values.times) }
  })
  if (help) {
    console.log(usage)
    return 0
  }
  const folder = mkdtempSync(join(tmpdir(), 'perdure-replay-'))
  try {
    const database = join(folder, 'replay.db')
    const history = await recorded(database, events)
    const rates = {
      'where it is stored (perdure replay --open)': await timed(times, () => replayOpen(database)),
      'from a file (perdure replay history.json)': await timed(times, () => runReplayHistory({ workflows }, history)),
      'by a worker that takes it over, to its end': await timed(1, () => finished(database)),
    }
    for (const [what, ms] of Object.entries(rates)) {
      const rate = Math.round(events / ms * 1_000).toLocaleString('en')
      console.log(`${what.padEnd(46)} ${rate.padStart(9)} events/s  ${ms.toFixed(0).padStart(5)} ms`)
    }
    return 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** One execution that waits behind so many events, and its history in Temporal's form. */
async function recorded(database: string, events: number): Promise<TemporalHistory> {
  await using engine = await opened(database)
  await engine.start()
  const handle = await engine.workflows.start(long, { workflowId: 'long', args: [events] })
  while (await handle.query(stepsDone) < events) { /* each answer takes a while */ }
  return await engine.workflows.fetchHistory('long')
}

async function replayOpen(database: string): Promise<void> {
  await using engine = await opened(database, false)
  for await (const { error } of engine.workflows.replayOpen()) if (error !== undefined) throw error
}

async function finished(database: string): Promise<void> {
  await using engine = await opened(database)
  await engine.workflows.signal('long', finish)
  await engine.start()
  await engine.workflows.getResult('long')
}

async function opened(database: string, worker?: false): Promise<Engine> {
  const engine = await Engine.open({ database, ...(worker === undefined ? {} : { worker }) })
  engine.workflows.register(workflows)
  engine.activities.register({ step: async () => undefined })
  return engine
}

async function timed(times: number, run: () => Promise<void>): Promise<number> {
  const all: number[] = []
  for (let index = 0; index < times; index++) {
    const began = performance.now()
    await run()
    all.push(performance.now() - began)
  }
  return median(all)
}
