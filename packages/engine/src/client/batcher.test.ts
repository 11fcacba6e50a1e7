import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchBytesMax, batchTransitionsMax, clientPendingMax } from '../limits.ts'
import { StoreRejectedError, StoreUnavailableError } from '../ports/store-error.ts'
import { Batcher } from './batcher.ts'

function gated() {
  const batches: number[][] = []
  const gate = Promise.withResolvers<void>()
  const batcher = new Batcher<number, string>({
    send: async (items) => {
      batches.push([...items])
      await gate.promise
      return items.map((item) => `sent ${item}`)
    },
    bytesOf: () => 1,
  })
  return { batches, batcher, open: () => gate.resolve() }
}

test('what is added in one turn goes out together, and what comes meanwhile with the next', async () => {
  const { batches, batcher, open } = gated()
  const first = [batcher.add(1), batcher.add(2)]
  await Promise.resolve()
  const later = [batcher.add(3), batcher.add(4)]
  open()
  assert.deepEqual(await Promise.all([...first, ...later]), ['sent 1', 'sent 2', 'sent 3', 'sent 4'])
  assert.deepEqual(batches, [[1, 2], [3, 4]])
})

test('a batch has a bound in items and in bytes, and one large item goes alone', async () => {
  const sizes: number[] = []
  const batcher = new Batcher<number, number>({
    send: async (items) => {
      sizes.push(items.length)
      return items
    },
    bytesOf: (bytes) => bytes,
  })
  await Promise.all(Array.from({ length: batchTransitionsMax + 5 }, () => batcher.add(1)))
  await Promise.all([batcher.add(batchBytesMax + 1), batcher.add(1), batcher.add(batchBytesMax - 1), batcher.add(1)])
  assert.deepEqual(sizes, [batchTransitionsMax, 5, 1, 2, 1])
})

test('of a batch that is refused as a whole only the culprit fails', async () => {
  const batcher = new Batcher<number, number>({
    send: async (items) => {
      if (items.includes(3)) throw new StoreRejectedError('not 3')
      return items
    },
    bytesOf: () => 1,
  })
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => batcher.add(item)))
  assert.deepEqual(outcomes.map((outcome) => outcome.status), ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})

test('any other error fails all of a batch and none of the next', async () => {
  let isAway = true
  const batcher = new Batcher<number, number>({
    send: async (items) => {
      if (isAway) throw new StoreUnavailableError('away')
      return items
    },
    bytesOf: () => 1,
  })
  const outcomes = await Promise.allSettled([batcher.add(1), batcher.add(2)])
  assert.ok(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof StoreUnavailableError))
  isAway = false
  assert.equal(await batcher.add(3), 3)
})

test('settled waits for what is in flight and for what came meanwhile', async () => {
  const { batcher, batches, open } = gated()
  const adds = [batcher.add(1)]
  await Promise.resolve()
  adds.push(batcher.add(2))
  let isSettled = false
  const settling = batcher.settled().then(() => { isSettled = true })
  await new Promise((resolve) => void setImmediate(resolve))
  assert.equal(isSettled, false)
  open()
  await settling
  assert.deepEqual(batches, [[1], [2]])
  await Promise.all(adds)
})

test('more than the bound of waiting items is refused with a remedy', async () => {
  const { batcher, open } = gated()
  const waiting = Array.from({ length: clientPendingMax }, (_, index) => batcher.add(index))
  await assert.rejects(batcher.add(-1), { code: 'CLIENT_OVERLOADED', message: /await some/ })
  open()
  assert.equal((await Promise.all(waiting)).length, clientPendingMax)
})
