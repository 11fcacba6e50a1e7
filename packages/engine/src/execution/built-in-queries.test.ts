import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  condition, defineQuery, defineSignal, defineUpdate, type EnhancedStackTrace, proxyActivities, setCurrentDetails, setHandler, sleep,
  type WorkflowMetadata,
} from '@perdure/workflow'
import { openQueryStage, told } from '../../test/query-stage.ts'
import { enhancedStackTraceQuery, metadataQuery, stackTraceQuery } from './built-in-queries.ts'

const { wait } = proxyActivities<{ wait(): Promise<void> }>({ startToCloseTimeout: '1 hour' })

async function patient(): Promise<void> {
  setHandler(defineSignal('go'), () => undefined, { description: 'lets it go' })
  setHandler(defineQuery<number>('state'), () => 1)
  setHandler(defineUpdate<number>('add'), () => 1, { description: 'one more' })
  setCurrentDetails('waits')
  await Promise.all([sleep('2 hours'), wait(), condition(() => false)])
}

for (const cache of [1_000, 0]) {
  test(`an execution says what it is and where its code waits, cache of ${cache}`, async (t) => {
    const begun = Promise.withResolvers<void>()
    const stage = openQueryStage(t, {
      workflows: { patient },
      activities: { wait: () => { begun.resolve(); return new Promise<void>(() => undefined) } },
      settings: { maxCachedWorkflows: cache },
    })
    const { client } = await stage.addWorker()
    const { runId } = await client.start('patient', { workflowId: 'w' })
    await begun.promise
    const expected: WorkflowMetadata = {
      definition: {
        type: 'patient', queryDefinitions: [{ name: 'state' }], signalDefinitions: [{ name: 'go', description: 'lets it go' }],
        updateDefinitions: [{ name: 'add', description: 'one more' }],
      },
      currentDetails: 'waits',
    }
    assert.deepEqual(told(await stage.answer(runId, metadataQuery)), expected)
    const text = told(await stage.answer(runId, stackTraceQuery)) as string
    assert.match(text, /^timer\n {4}at .*\n\nactivity 'wait'\n {4}at .*\n\n1 condition$/)
    const { stacks, sdk } = told(await stage.answer(runId, enhancedStackTraceQuery)) as EnhancedStackTrace
    assert.equal(sdk.name, 'perdure')
    assert.deepEqual(stacks.map(({ locations }) => locations.map((each) => [typeof each.file_path, each.internal_code])), [
      [['string', false]], [['string', false]],
    ])
    assert.equal(await client.query('w', stackTraceQuery), text)
  })
}
