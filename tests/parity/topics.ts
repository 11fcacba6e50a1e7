/** All scenarios, by the file in which their answers are recorded. */
import { childScenarios } from './scenarios/children.ts'
import { continuingScenarios } from './scenarios/continuing.ts'
import { externalScenarios } from './scenarios/externals.ts'
import { timeoutScenarios } from './scenarios/timeouts.ts'
import { updateScenarios } from './scenarios/updates.ts'
import type { Scenario } from './stage.ts'

export const topics: Readonly<Record<string, readonly Scenario[]>> = {
  updates: updateScenarios, children: childScenarios, externals: externalScenarios, continuing: continuingScenarios,
  timeouts: timeoutScenarios,
}
