import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { AsyncLocalStorage, getRandomStream, sleep, uuid4, workflowRandom } from '@perdure/workflow'
import { currentRandom } from '@perdure/workflow/host'
import { FakeHost, installTestRuntime } from './fake-host.ts'

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test("workflowRandom draws from the workflow's own numbers", async () => {
  await host.run(async () => {
    assert.equal(workflowRandom.random(), 0.375)
    assert.match(workflowRandom.uuid4(), /1$/)
    const bytes = new Uint8Array(2)
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- it is no Array, but a stream that fills one
    assert.equal(workflowRandom.fill(bytes), bytes)
    assert.deepEqual([...bytes], [192, 32])
  })
})

test('a named stream has numbers of its own, and is the current one inside of with()', async () => {
  await host.run(async () => {
    const stream = getRandomStream('tracing')
    const bytes = new Uint8Array(1)
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- it is no Array, but a stream that fills one
    stream.fill(bytes)
    assert.deepEqual([stream.random(), stream.uuid4(), bytes[0]], [0.007, 'uuid of tracing', 7])
    assert.equal(await stream.with(async () => {
      await Promise.resolve()
      return [uuid4(), currentRandom(host).random(), workflowRandom.with(() => uuid4())].join()
    }), 'uuid of tracing,0.007,00000000-0000-4000-8000-000000000001')
    assert.match(uuid4(), /2$/)
  })
})

test('a stream without a name is refused, and so is one outside of workflows', async () => {
  await host.run(async () => assert.throws(() => getRandomStream(''), { code: 'OPTIONS_INVALID' }))
  assert.throws(() => getRandomStream('x'), { code: 'NOT_IN_WORKFLOW' })
  assert.throws(() => workflowRandom.random(), { code: 'NOT_IN_WORKFLOW' })
})

test('an AsyncLocalStorage of a module is there in workflow code, across waits, and apart for each flow', async () => {
  const user = new AsyncLocalStorage<string>()
  assert.equal(user.getStore(), undefined)
  const read = async (): Promise<string | undefined> => {
    await sleep(5)
    return user.getStore()
  }
  const running = host.run(async () => {
    const later = user.run('ann', read)
    const once = user.run('bob', (suffix: string) => `${user.getStore()}${suffix}`, '!')
    return [once, user.run('eve', () => user.exit(() => user.getStore())), user.getStore(), await later]
  })
  await host.complete('timer 5')
  assert.deepEqual(await running, ['bob!', undefined, undefined, 'ann'])
  await user.run('ann', async () => {
    user.enterWith('bob')
    assert.equal(user.getStore(), 'bob')
  })
  user.disable()
})
