import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openStage } from '../../../test/worker-stage.ts'
import { QueueGroups } from './queue-groups.ts'

describe('the queues that a worker claims for', () => {
  test('are those without a limit together, then each with one; a group that was served goes to the end', () => {
    const groups = new QueueGroups(['one', 'two', 'three', 'four'], (queue) => queue === 'two' || queue === 'four')
    const [together = [], two = []] = groups.inTurn
    assert.deepEqual(groups.inTurn, [['one', 'three'], ['two'], ['four']])
    groups.served(together)
    assert.deepEqual(groups.inTurn, [['two'], ['four'], ['one', 'three']])
    groups.served(two)
    assert.deepEqual(groups.inTurn, [['four'], ['one', 'three'], ['two']])
  })

  test('are each for itself where all have a limit', () => {
    assert.deepEqual(new QueueGroups(['one', 'two'], () => true).inTurn, [['one'], ['two']])
  })

  test('a long backlog of executions in one queue leaves a worker time for its other queues', async (t) => {
    const order: string[] = []
    const noted = async (name: string): Promise<void> => void order.push(name)
    const stage = openStage(t, { workflows: { noted } })
    const { client } = await stage.addWorker({ taskQueues: ['nothing'] })
    const starts = ['long', 'long', 'long', 'long', 'short'].map((name) => client.start('noted', { taskQueue: name, args: [name] }))
    const handles = await Promise.all(starts)
    const queues = new Map([['short', { maxConcurrentWorkflows: 1, maxConcurrentActivities: undefined }]])
    await stage.addWorker({ taskQueues: ['long', 'short'], maxConcurrentWorkflows: 1, queues })
    await Promise.all(handles.map((handle) => handle.result()))
    assert.deepEqual(order, ['long', 'short', 'long', 'long', 'long'])
  })
})
