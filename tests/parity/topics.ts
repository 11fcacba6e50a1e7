/** All scenarios, by the file in which their answers are recorded. */
import { cancellingScenarios } from './scenarios/cancelling.ts'
import { childScenarios } from './scenarios/children.ts'
import { continuingScenarios } from './scenarios/continuing.ts'
import { endingScenarios } from './scenarios/endings.ts'
import { externalScenarios } from './scenarios/externals.ts'
import { orderingScenarios } from './scenarios/ordering.ts'
import { timeoutScenarios } from './scenarios/timeouts.ts'
import { updateScenarios } from './scenarios/updates.ts'
import { askingScenarios } from './scenarios/asking.ts'
import { attributeScenarios } from './scenarios/attributes.ts'
import { payloadScenarios } from './scenarios/payloads.ts'
import { patchScenarios } from './scenarios/patches.ts'
import { startingScenarios } from './scenarios/starting.ts'
import type { Scenario } from './stage.ts'

export const topics: Readonly<Record<string, readonly Scenario[]>> = {
  updates: updateScenarios, children: childScenarios, externals: externalScenarios, continuing: continuingScenarios,
  timeouts: timeoutScenarios, ordering: orderingScenarios, cancelling: cancellingScenarios, endings: endingScenarios,
  starting: startingScenarios, asking: askingScenarios, attributes: attributeScenarios, patches: patchScenarios,
  payloads: payloadScenarios,
}
