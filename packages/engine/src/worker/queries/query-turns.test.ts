import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../../../test/manual-clock.ts'
import { QueryTurns } from './query-turns.ts'

interface Work {
  readonly name: number
  readonly gate: PromiseWithResolvers<number>
}

function queue(size: number, waitingMax: number) {
  const turns = new QueryTurns(size, waitingMax)
  const begun: Work[] = []
  const add = (name: number): Promise<number> => turns.take(async () => {
    const gate = Promise.withResolvers<number>()
    begun.push({ name, gate })
    return gate.promise
  })
  return { begun, add, names: () => begun.map((work) => work.name) }
}

test('so many run at once, the others in their order, also past one that fails', async () => {
  const { begun, add, names } = queue(2, 10)
  const results = Promise.allSettled([1, 2, 3, 4, 5].map(add))
  await settled()
  assert.deepEqual(names(), [1, 2])
  begun[1]?.gate.reject(new Error('two'))
  await settled()
  assert.deepEqual(names(), [1, 2, 3])
  begun[2]?.gate.resolve(3)
  begun[0]?.gate.resolve(1)
  await settled()
  assert.deepEqual(names(), [1, 2, 3, 4, 5])
  begun[3]?.gate.resolve(4)
  begun[4]?.gate.resolve(5)
  assert.deepEqual((await results).map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
  void add(6)
  void add(7)
  void add(8)
  await settled()
  assert.deepEqual(names().slice(5), [6, 7])
})

test('beyond the bound of those that wait, one is refused and the others are not touched', async () => {
  const { begun, add, names } = queue(1, 2)
  const first = [1, 2, 3].map(add)
  await assert.rejects(add(4), /2 queries wait for this worker already; ask fewer at a time/)
  for (let index = 0; index < 3; index++) {
    await settled()
    begun[index]?.gate.resolve(index)
  }
  assert.deepEqual(await Promise.all(first), [0, 1, 2])
  assert.deepEqual(names(), [1, 2, 3])
})
