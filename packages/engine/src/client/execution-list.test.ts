import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientStage } from '../../test/client-stage.ts'
import { countFilter, listRequest, type StatusFilter } from './execution-list.ts'

test('a filter is passed on in the words of the store', () => {
  const status = ['running', 'Canceled', 'timeout'] as StatusFilter[]
  const { limit, after, pageLimit, ...filter } = listRequest({
    workflowType: 'charge', status, workflowIdPrefix: 'order-', taskQueue: 'q', held: true,
    startedAfter: new Date(5), startedBefore: 7, limit: 10,
  }, 'tenant')
  assert.deepEqual([limit, pageLimit, after], [11, 10, null])
  assert.deepEqual(filter, {
    namespace: 'tenant', workflowType: 'charge', statuses: ['RUNNING', 'CANCELLED', 'TIMED_OUT'], workflowIdPrefix: 'order-',
    taskQueue: 'q', held: true, startedFrom: 5, startedBefore: 7,
  })
  assert.deepEqual(countFilter({}, 'tenant'), { namespace: 'tenant' })
})

test('what a filter cannot be is refused with a remedy', () => {
  const refused = (given: object, code: string, message: RegExp) =>
    assert.throws(() => listRequest(given, 'default'), { code, message })
  refused({ limit: 0 }, 'OPTIONS_INVALID', /1 to 1000/)
  refused({ limit: 2.5 }, 'OPTIONS_INVALID', /whole number/)
  refused({ status: 'RUNING' }, 'OPTIONS_INVALID', /did you mean 'RUNNING'/)
  refused({ status: 7 }, 'OPTIONS_INVALID', /status/)
  refused({ status: [null] }, 'OPTIONS_INVALID', /status/)
  refused({ startedAfter: 'yesterday' }, 'OPTIONS_INVALID', /startedAfter/)
  refused({ startedBefore: new Date(NaN) }, 'OPTIONS_INVALID', /startedBefore/)
  refused({ worflowType: 'x' }, 'OPTIONS_INVALID', /did you mean 'workflowType'/)
  refused({ query: 'WorkflowType = "x"' }, 'OPTIONS_INVALID', /given the option 'query' 'WorkflowType = "x"'; pass filters/)
  refused('WorkflowType = "x"' as never, 'OPTIONS_INVALID', /list\(\) was given the text .*query language is not there yet/)
  refused([] as never, 'OPTIONS_INVALID', /options of list\(\) are a list; pass an object/)
  refused({ workflowId: '' }, 'ID_INVALID', /empty/)
  for (const cursor of ['', 'x', 'bnVsbA', Buffer.from('[1]').toString('base64url'), Buffer.from('["a","b"]').toString('base64url')]) {
    refused({ cursor }, 'CURSOR_INVALID', /begin again/)
  }
  assert.throws(() => countFilter({ limit: 5 } as never, 'default'), { code: 'OPTIONS_INVALID' })
})

test('pages follow each other without gaps, and the last one has no cursor', async () => {
  const { client, clock } = clientStage()
  for (let index = 0; index < 7; index++) {
    await client.start('charge', { workflowId: `w${index}` })
    await clock.advance(index % 2)
  }
  const seen: string[] = []
  const sizes: number[] = []
  let cursor: string | undefined
  do {
    const page = await client.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) })
    sizes.push(page.executions.length)
    seen.push(...page.executions.map((execution) => execution.workflowId))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  assert.deepEqual(sizes, [3, 3, 1])
  assert.deepEqual(seen.toSorted(), ['w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6'])
  assert.equal(seen[0], 'w6')
  assert.equal((await client.list({ limit: 7 })).nextCursor, undefined)
  assert.equal(await client.count({ status: 'running' }), 7)
})

test('status and description show dates, words and decoded values', async () => {
  const stage = clientStage()
  const handle = await stage.client.start('charge', { workflowId: 'w', args: [{ amount: 5 }], searchAttributes: { region: ['eu'] } })
  const open = await handle.describe()
  assert.deepEqual(
    [open.status, open.input, open.searchAttributes, open.owned, open.closeTime],
    ['RUNNING', [{ amount: 5 }], { region: ['eu'] }, false, undefined],
  )
  assert.equal(open.wakeTime?.getTime(), stage.clock.now())
  await handle.terminate('enough')
  const closed = await handle.describe()
  assert.equal(closed.failure?.message, 'enough')
  assert.match(JSON.stringify(closed), /"failure":\{"kind":"terminated","message":"enough"/)
  assert.deepEqual((await handle.getStatus()).status, 'TERMINATED')
})
