/**
 * Many simulated runs: without faults, with a crash around every commit, and with faults drawn from seeds; the first that
 * fails is made small.
 */
import { drawFaults, everyCrash, type Fault, type FaultType } from './fault.ts'
import { Random } from './random.ts'
import type { Scenario, SimulatedRun } from './scenario.ts'
import { shrunk } from './shrink.ts'
import { simulatedRun } from './simulated-run.ts'

export interface SearchParts {
  /** A new one for each run, so that none sees what another left behind; with what judges the run: what is wrong with it, or undefined. */
  readonly stage: () => Promise<{ readonly scenario: Scenario; readonly judge: (run: SimulatedRun) => Promise<string | undefined> }>
  readonly seeds: readonly number[]
  readonly types: readonly FaultType[]
}

export interface FoundFailure {
  readonly run: SimulatedRun
  readonly problem: string
  /** How many faults there were before it was made small. */
  readonly drawn: number
  /** False: another run of the same seed and faults went another way. */
  readonly isRepeatable: boolean
}

export interface SearchReport {
  readonly runs: number
  readonly failure: FoundFailure | undefined
  /** The run without faults. */
  readonly calm: SimulatedRun
}

export async function searched(parts: SearchParts): Promise<SearchReport> {
  const search = new Search(parts)
  const [calmSeed = 1] = parts.seeds
  const calm = await search.look(calmSeed, [])
  const report = (): SearchReport => ({ runs: search.runs, failure: search.failure, calm })
  if (search.failure !== undefined) return report()
  if (parts.types.includes('crash')) {
    for (const fault of everyCrash(calm.size)) {
      await search.look(calmSeed, [fault])
      if (search.failure !== undefined) return report()
    }
  }
  for (const seed of parts.seeds) {
    const faults = drawFaults(new Random(seed, 4), parts.types, calm.size)
    await search.look(seed, faults)
    if (search.failure !== undefined) return report()
  }
  return report()
}

/** One run with the faults given. */
export async function repeated(parts: Pick<SearchParts, 'stage'>, seed: number, faults: readonly Fault[]): Promise<SearchReport> {
  const search = new Search(parts)
  const run = await search.lookOnce(seed, faults)
  const { problem } = search
  const failure = problem === undefined ? undefined : { run, problem, drawn: faults.length, isRepeatable: true }
  return { runs: search.runs, failure, calm: run }
}

class Search {
  readonly #parts: Pick<SearchParts, 'stage'>
  runs = 0
  failure: FoundFailure | undefined
  /** Of the last run. */
  problem: string | undefined

  constructor(parts: Pick<SearchParts, 'stage'>) {
    this.#parts = parts
  }

  async look(seed: number, faults: readonly Fault[]): Promise<SimulatedRun> {
    const run = await this.lookOnce(seed, faults)
    const { problem } = this
    if (problem !== undefined) this.failure = await this.#small(run, problem)
    return run
  }

  async lookOnce(seed: number, faults: readonly Fault[]): Promise<SimulatedRun> {
    this.runs++
    const { scenario, judge } = await this.#parts.stage()
    const run = await simulatedRun(scenario, seed, faults)
    this.problem = run.problem ?? await judge(run)
    return run
  }

  async #small(failed: SimulatedRun, problem: string): Promise<FoundFailure> {
    const drawn = failed.faults.length
    let small: FoundFailure = { run: failed, problem, drawn, isRepeatable: true }
    await shrunk(failed.faults, async (part) => {
      const run = await this.lookOnce(failed.seed, part)
      if (this.problem !== undefined) small = { ...small, run, problem: this.problem }
      return this.problem !== undefined
    })
    const again = await this.lookOnce(failed.seed, small.run.faults)
    return { ...small, isRepeatable: this.problem === small.problem && again.fingerprint === small.run.fingerprint }
  }
}
