/**
 * `node tests/simulation/run.ts --seeds 2000 [--from 1] [--processes 2]`: so many simulations; fails when one does.
 * `node tests/simulation/run.ts --seed 1234`: one of them, with a trace of all its steps.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commandOptions, wholeNumber } from '../support/command-options.ts'
import type { ShareReport } from './share.ts'
import { simulate } from './simulation.ts'
import { happenings } from './tally.ts'

/** Most of what a simulation makes is garbage soon: a larger nursery, and no threads beside the two processes. */
const memoryFlags = ['--max-semi-space-size=32', '--single-threaded-gc']

const options = commandOptions('npm run simulate -- [--seeds 2000] [--from 1] [--processes 2] | --seed 1234', () => {
  const { values } = parseArgs({
    options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' }, processes: { type: 'string' } },
  })
  const numberOf = (name: keyof typeof values, standard: number): number => wholeNumber(name, values[name] ?? String(standard))
  const areMany = values.seeds !== undefined || values.from !== undefined
  if (values.seed !== undefined && areMany) throw new Error('--seed runs one: leave --seeds and --from out')
  return {
    seed: values.seed === undefined ? undefined : numberOf('seed', 1),
    seeds: numberOf('seeds', 2_000), from: numberOf('from', 1), processes: numberOf('processes', Math.min(2, availableParallelism())),
  }
})
process.exitCode = options.seed === undefined
  ? await runMany(options.seeds, options.from, options.processes)
  : await runOne(options.seed)

async function runOne(seed: number): Promise<number> {
  const { problem, ...report } = await simulate(seed, { trace: (line) => console.log(line) })
  console.log(report)
  console.log(problem === undefined ? `Seed ${seed} holds.` : `Seed ${seed} fails: ${problem}`)
  return problem === undefined ? 0 : 1
}

async function runMany(seeds: number, from: number, processes: number): Promise<number> {
  const began = performance.now()
  const shares = await Promise.all(Array.from({ length: processes }, (_, index) => share(from + index, from + seeds, processes)))
  const sum = (of: (share: ShareReport) => number): number => shares.reduce((total, each) => total + of(each), 0)
  const seconds = (performance.now() - began) / 1_000
  const cpuSeconds = sum((each) => each.cpuSeconds)
  console.log(`${seeds} seeds from ${from}: ${sum((each) => each.steps)} steps, ${sum((each) => each.executions)} executions, ` +
    `${sum((each) => each.faults)} faults of processes, in ${seconds.toFixed(1)} s (${Math.round(seeds * 60 / seconds)} seeds a minute; ` +
    `${cpuSeconds.toFixed(1)} s of processor time, ${Math.round(cpuSeconds * 1_000 / seeds)} ms each)`)
  console.log(`Met: ${happenings.map((what) => `${what} ${sum(({ met }) => met[what] ?? 0)}`).join(', ')}`)
  const failed = shares.flatMap((each) => each.failed).sort((one, other) => one - other)
  if (failed.length > 0) console.error(`${failed.length} of them fail: ${failed.join(', ')}`)
  else console.log('All of them hold.')
  return failed.length === 0 ? 0 : 1
}

/** Every n-th seed, in a process of its own. */
function share(from: number, until: number, every: number): Promise<ShareReport> {
  const execArgv = [...process.execArgv, ...memoryFlags]
  const child = fork(join(import.meta.dirname, 'share.ts'), [String(from), String(until), String(every)], { execArgv })
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as ShareReport))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The process of seeds ${from}, ${from + every}, … ended with code ${code}`)))
  })
}
