/** What is tested in each home, and what may run side by side. */
import type { Home } from './homes.ts'
import { cancellationScenarios } from './scenarios/cancellations.ts'
import { completionScenarios } from './scenarios/completions.ts'
import { deadlineScenarios, punctualScenarios } from './scenarios/deadlines.ts'
import { drainScenarios, graceScenarios } from './scenarios/drains.ts'
import { killedBeatScenarios, killScenarios } from './scenarios/kills.ts'
import { limitScenarios } from './scenarios/limits.ts'
import { openingScenarios } from './scenarios/openings.ts'
import { queueScenarios } from './scenarios/queues.ts'
import { takesAll } from './test-share.ts'
import { type Topic, workerSuite } from './worker-suite.ts'

const sideBySide: readonly Topic[] = [
  {
    name: 'Activities elsewhere: cancellation, deadlines, queues, workers that die or leave',
    scenarios: [
      ...cancellationScenarios, ...deadlineScenarios, ...queueScenarios, ...killedBeatScenarios, ...graceScenarios, ...completionScenarios,
    ],
    atOnce: 6,
  },
]
const oneByOne: readonly Topic[] = [
  {
    name: 'Many workers: killed, drained, started together',
    scenarios: [...killScenarios, ...drainScenarios, ...punctualScenarios, ...limitScenarios, ...openingScenarios],
    atOnce: 1,
  },
]

export function testWorkers(home: Home): void {
  workerSuite(home, [...sideBySide, ...oneByOne])
  if (takesAll) workerSuite(home, sideBySide.map(withoutLong), { hints: false })
}

function withoutLong(topic: Topic): Topic {
  return { ...topic, scenarios: topic.scenarios.filter(({ isLong = false }) => !isLong) }
}
