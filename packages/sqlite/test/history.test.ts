import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appending, openStore, registered, startOf } from './temporary-folder.ts'

test('a history is read in order and without those beside it, whatever the page and wherever it begins', async (t) => {
  const store = await openStore(t, ':memory:')
  const { incarnation } = await registered(store)
  const [long, beside] = [startOf('long', true), startOf('beside', true)]
  await store.commit({ incarnation, starts: [beside, long], transitions: [] })
  const eventCount = 70
  for (let seq = 1; seq <= eventCount; seq++) {
    const transitions = seq <= 40 ? [appending(long, seq), appending(beside, seq)] : [appending(long, seq)]
    await store.commit({ incarnation, starts: [], transitions })
  }
  const all = Array.from({ length: eventCount }, (_, index) => ({ seq: index + 1, type: 'TimerFired', at: index + 1, data: '{}' }))
  for (const limit of [1, 15, 16, 17, 18, 54, 69, 70, 71, Infinity]) {
    for (const afterSeq of [0, 1, 23, 53, 54, 55, 69, 70, 71]) {
      const page = await store.readHistory(long.runId, afterSeq, limit)
      assert.deepEqual(page, all.slice(afterSeq, afterSeq + limit), `${limit} after ${afterSeq}`)
    }
  }
  assert.deepEqual(await store.readHistory(beside.runId, 0, 100), all.slice(0, 40))
})
