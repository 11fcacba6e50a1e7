/** What is run, how much of it, and how often. */

export const scenarioNames = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'idle'] as const
export type ScenarioName = (typeof scenarioNames)[number]

export interface Scenario {
  readonly name: ScenarioName
  readonly about: string
  /** Of one run. */
  readonly workflows: number
  /** Of one workflow, one after another; S4: side by side. */
  readonly steps: number
  readonly inFlight: number
  /** Untimed before the first run: compiled code, open connections, warm caches. */
  readonly warmUpWorkflows: number
  readonly runs: number
  /** S6: each workflow sleeps so long. idle: one run looks on so long. */
  readonly seconds: number
}

export interface Amounts {
  /** The amounts of `--quick`. */
  readonly quick: boolean
  /** So much of each amount, from just above 0 to 1: for trying out. */
  readonly share: number
}

/** A run of S1 and S2 repeats its workflows until so much time has passed, so that a fast engine is not measured in a blink. */
export const runSecondsMin = 1
/** After so much time no further workflow of a run begins, so that a slow engine ends some day: what is told are rates and percentiles. */
export const runSecondsMax = 10
/** No further run of a scenario begins when an engine has taken so long for it. */
export const scenarioSecondsMax = 90
/** Starting a backlog ends after so long, even if it is smaller then. */
export const backlogSecondsMax = 40
/** A backlog is drained for so long at most. */
export const drainSecondsMax = 20
/** After a kill, and for all sleepers, the end is awaited so long. */
export const waitSecondsMax = 75

const inFlight = 100

export function scenarioOf(name: ScenarioName, amounts: Amounts): Scenario {
  const { quick } = amounts
  const all = { name, runs: 3, steps: 1, inFlight, warmUpWorkflows: 200, seconds: 0 }
  return shareOf(amounts.share, { ...all, ...differences(name, quick) })
}

function differences(name: ScenarioName, quick: boolean): Partial<Scenario> & Pick<Scenario, 'about' | 'workflows'> {
  switch (name) {
    case 'S1':
      return { about: 'workflows of 10 sequential steps, 100 in flight', steps: 10, workflows: quick ? 400 : 2_000 }
    case 'S2':
      return { about: 'workflows of one step, 100 in flight', workflows: quick ? 2_000 : 10_000 }
    case 'S3':
      return { about: 'one-step workflows, one at a time on an idle system, start to result', workflows: 300, inFlight: 1 }
    case 'S4':
      return { about: 'workflow of 1,000 parallel steps', steps: 1_000, workflows: 1, inFlight: 1 }
    case 'S5':
      return { about: 'one-step workflows, started while no worker runs', workflows: quick ? 10_000 : 100_000, inFlight: 50 }
    case 'S6':
      return { about: 'workflows that sleep 5 s, all at once', steps: 0, seconds: 5, workflows: quick ? 1_000 : 10_000 }
    case 'S7':
      return { about: 'workflows of 10 steps on two workers, one killed at 40 %', steps: 10, workflows: quick ? 200 : 500, inFlight: 50 }
    case 'idle':
      return { about: 'worker with nothing to do', workflows: 0, seconds: quick ? 2 : 20 }
  }
}

function shareOf(share: number, scenario: Scenario): Scenario {
  if (share === 1) return scenario
  const some = (amount: number) => Math.ceil(amount * share)
  const { name, workflows, steps, warmUpWorkflows, seconds } = scenario
  return {
    ...scenario, workflows: some(workflows), warmUpWorkflows: some(warmUpWorkflows),
    ...(name === 'S4' ? { steps: some(steps) } : {}), ...(name === 'idle' ? { seconds: seconds * share } : {}),
  }
}

/** A backlog, a kill and a peak of memory leave nothing that the next run could begin with. */
export function runsInFreshProcesses(name: ScenarioName): boolean {
  return name === 'S5' || name === 'S6' || name === 'S7'
}

export function isScenarioName(name: string): name is ScenarioName {
  return scenarioNames.some((each) => each === name)
}
