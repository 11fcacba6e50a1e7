/** Every contestant on every scenario, one after another, so that what is compared was measured close together. */
import { type Contestant, contestantsOf, notApplicable, shareOf } from './contestants.ts'
import type { Databases } from './databases.ts'
import type { Assignment } from './engine-process.ts'
import type { Measured } from './measured.ts'
import { measureInProcess, type Measurement, measurementsOf } from './measurement.ts'
import type { Options } from './options.ts'
import type { Programs } from './programs.ts'
import { figure } from './results-table.ts'
import { runsInFreshProcesses, type Scenario, scenarioOf, scenarioSecondsMax } from './scenario.ts'

export interface Outcome {
  readonly results: readonly Measurement[]
  readonly failures: readonly string[]
}

/** What a run is made with. */
export interface Given {
  readonly databases: Databases
  readonly programs: Programs
}

/** `onScenario` is told what there is after each of them: a run may be ended before it is over. */
export async function measureAll(options: Options, given: Given, onScenario: (outcome: Outcome) => void): Promise<Outcome> {
  const results: Measurement[] = []
  const failures: string[] = []
  for (const name of options.scenarios) {
    const scenario = scenarioOf(name, options.amounts)
    console.log(`\n${name}: ${scenario.workflows || 'one'} ${scenario.about}`)
    const measure = async (contestant: Contestant) => {
      const from = performance.now()
      try {
        const found = await measureOne(contestant, scenario, options, given)
        results.push(...found)
        tell(contestant, found, (performance.now() - from) / 1_000)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        const failure = `${name} ${contestant.engine} on ${contestant.store} failed: ${reason}`
        failures.push(failure)
        console.error(`  ${failure}`)
      }
    }
    const all = contestantsOf(options.engines, options.stores)
    const contestants = all.filter(({ engine }) => notApplicable(engine, name) === undefined)
    if (name === 'idle') await Promise.all(contestants.map(measure)) // all idle: none is in the others' way
    else for (const contestant of contestants) await measure(contestant)
    onScenario({ results, failures })
  }
  console.log()
  return { results, failures }
}

async function measureOne(
  contestant: Contestant, scenario: Scenario, { amounts }: Options, { databases, programs }: Given,
): Promise<Measurement[]> {
  const measured: Measured[] = []
  const rounds = runsInFreshProcesses(scenario.name) ? scenario.runs : 1
  const from = performance.now()
  const { engine, store } = contestant
  const counts = scenario.name === 'idle' && store === 'postgres' && databases.postgres?.countsStatements === true
  const statistics = counts ? databases.postgres?.connectionString : undefined
  const sized = { ...amounts, share: amounts.share * shareOf(engine, scenario.name) }
  let assignment: Assignment | undefined
  while (measured.length < rounds && performance.now() - from < scenarioSecondsMax * 1_000 && !measured.some(neverEnded)) {
    measured.push(await databases.withEmpty(contestant, async (target) => {
      assignment = { engine, target, scenario: scenario.name, amounts: sized, ...(statistics === undefined ? {} : { statistics }) }
      return measureInProcess(programs, assignment)
    }, statistics !== undefined))
  }
  return assignment === undefined ? [] : measurementsOf(assignment, measured)
}

/** To wait as long for it again would tell nothing new. */
function neverEnded({ readings }: Measured): boolean {
  return readings.some((reading) => reading['finish'] === null)
}

function tell({ engine, store }: Contestant, found: readonly Measurement[], seconds: number): void {
  const figures = found.map(({ metric, median, unit }) => `${metric} ${figure(median)} ${unit}`).join(', ')
  console.log(`  ${engine} on ${store}: ${figures} (${found[0]?.workflows ?? 0} workflows, ${seconds.toFixed(1)} s)`)
}
