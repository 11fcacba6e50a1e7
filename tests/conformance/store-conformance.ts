/** The conformance suite of the store port: every store runs it, from a node:test file of its own. */
import { after, before, describe } from 'node:test'
import type { Harness, StoreUnderTest } from './arena.ts'
import { modelProperty } from './model-property.ts'
import { activityTaskScenarios } from './scenarios/activity-tasks.ts'
import { betweenScenarios } from './scenarios/between.ts'
import { childScenarios } from './scenarios/children.ts'
import { claimScenarios } from './scenarios/claims.ts'
import { heldScenarios } from './scenarios/held.ts'
import { inboxScenarios } from './scenarios/inbox.ts'
import { interleavingScenarios } from './scenarios/interleavings.ts'
import { listScenarios } from './scenarios/lists.ts'
import { namespaceScenarios } from './scenarios/namespaces.ts'
import { postScenarios } from './scenarios/posts.ts'
import { queryScenarios } from './scenarios/queries.ts'
import { queueLimitScenarios } from './scenarios/queue-limits.ts'
import { queueScenarios } from './scenarios/queues.ts'
import { startScenarios } from './scenarios/starts.ts'
import { takeoverScenarios } from './scenarios/takeovers.ts'
import { transitionScenarios } from './scenarios/transitions.ts'
import { updateScenarios } from './scenarios/updates.ts'
import { workerScenarios } from './scenarios/workers.ts'

export type MakeStore = () => Promise<StoreUnderTest>

/** Each scenario takes a namespace of its own, so one store (open, migrated) serves them all. */
export function storeConformance(name: string, makeStore: MakeStore): void {
  describe(`store conformance: ${name}`, () => {
    let under: StoreUnderTest | undefined
    before(async () => {
      under = await makeStore()
    })
    after(async () => under?.dispose())
    const harness: Harness = () => {
      if (under === undefined) throw new Error('The store under test was not made')
      return under
    }
    describe('starts', () => startScenarios(harness))
    describe('transitions', () => transitionScenarios(harness))
    describe('children', () => childScenarios(harness))
    describe('between executions', () => betweenScenarios(harness))
    describe('updates', () => updateScenarios(harness))
    describe('claims', () => claimScenarios(harness))
    describe('held executions', () => heldScenarios(harness))
    describe('inbox and terminate', () => inboxScenarios(harness))
    describe('batches of messages', () => postScenarios(harness))
    describe('workers', () => workerScenarios(harness))
    describe('takeovers', () => takeoverScenarios(harness))
    describe('activity tasks', () => activityTaskScenarios(harness))
    describe('limits of task queues', () => queueLimitScenarios(harness))
    describe('task queues', () => queueScenarios(harness))
    describe('namespaces', () => namespaceScenarios(harness))
    describe('queries', () => queryScenarios(harness))
    describe('reads', () => listScenarios(harness))
    describe('interleavings of two connections', () => interleavingScenarios(harness))
    describe('comparison with the model', () => modelProperty(harness))
  })
}
