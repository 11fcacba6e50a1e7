/** What is run, how much of it, and in which unit it is told. */

export const scenarioNames = ['S1', 'S2', 'S3'] as const
export type ScenarioName = (typeof scenarioNames)[number]

export interface Scenario {
  readonly name: ScenarioName
  readonly about: string
  readonly unit: 'steps/s' | 'workflows/s' | 'ms'
  /** Sequential steps of one workflow. */
  readonly steps: number
  readonly workflows: number
  readonly inFlight: number
}

/** Untimed before the first run: compiled code, open connections, warm caches. */
export const warmUpWorkflows = 200
export const runsPerScenario = 3
/** A run repeats its workflows until so much time has passed, so that a fast engine is not measured in a blink. */
export const runSecondsMin = 1

const inFlight = 100

export function scenarioOf(name: ScenarioName, quick: boolean): Scenario {
  switch (name) {
    case 'S1': {
      const about = 'workflows of 10 sequential steps, 100 in flight'
      return { name, about, unit: 'steps/s', steps: 10, workflows: quick ? 400 : 2_000, inFlight }
    }
    case 'S2': {
      const about = 'workflows of one step, 100 in flight'
      return { name, about, unit: 'workflows/s', steps: 1, workflows: quick ? 2_000 : 10_000, inFlight }
    }
    case 'S3': {
      const about = 'one-step workflows, one at a time on an idle system, start to result'
      return { name, about, unit: 'ms', steps: 1, workflows: 300, inFlight: 1 }
    }
  }
}

export function isScenarioName(name: string): name is ScenarioName {
  return scenarioNames.some((each) => each === name)
}
