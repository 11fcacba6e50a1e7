import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  allHandlersFinished, currentUpdateInfo, defineQuery, defineSignal, defineUpdate, HandlerUnfinishedPolicy, setDefaultQueryHandler,
  setDefaultSignalHandler, setDefaultUpdateHandler, setHandler, sleep, type UpdateHandlerOptions,
} from '@perdure/workflow'
import { runUpdate } from '@perdure/workflow/host'
import { FakeHost, installTestRuntime } from './fake-host.ts'

const addItem = defineUpdate<number, [item: string]>('addItem')
const approve = defineSignal<[by: string]>('approve')
const status = defineQuery<string>('status')

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('an update handler is set with its validator and policy, typed by its definition, and taken back', async () => {
  const items: string[] = []
  const validator = (item: string): void => {
    if (item === '') throw new Error('no item')
  }
  await host.run(async () => {
    setHandler(addItem, async (item) => items.push(item), { validator, description: 'one more' })
  })
  const set = host.updates.get('addItem')
  assert.deepEqual([set?.unfinishedPolicy, set?.description, set?.validator], ['WARN_AND_ABANDON', 'one more', validator])
  assert.equal(await (set as { handler(item: string): unknown }).handler('pen'), 1)
  await host.run(async () => setHandler(addItem, undefined))
  assert.equal(host.updates.size, 0)
})

test('types of updates follow their definition', () => {
  const wrong = [
    // @ts-expect-error the update answers with a number
    (): void => setHandler(addItem, () => 'five'),
    // @ts-expect-error the update carries a text
    (): void => setHandler(addItem, (item: number) => item),
    // @ts-expect-error so does its validator
    (): void => setHandler(addItem, () => 5, { validator: (item: number) => void item }),
    // @ts-expect-error a signal has no validator
    (): void => setHandler(approve, () => undefined, { validator: () => undefined }),
  ]
  assert.equal(wrong.length, 4)
})

test('signals and queries are set with their descriptions and policies', async () => {
  await host.run(async () => {
    setHandler(approve, () => undefined)
    setHandler(approve, () => undefined, { description: 'let it go', unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON })
    setHandler(status, () => 'open', { description: 'how it stands' })
  })
  assert.deepEqual(host.changes, [
    ['setSignalHandler', 'approve', { description: undefined, unfinishedPolicy: 'WARN_AND_ABANDON' }],
    ['setSignalHandler', 'approve', { description: 'let it go', unfinishedPolicy: 'ABANDON' }],
    ['setQueryHandler', 'status', { description: 'how it stands' }],
  ])
})

test('default handlers go to the host, and are taken back', async () => {
  const signal = (name: string): void => void name
  const query = (name: string): string => name
  await host.run(async () => {
    setDefaultSignalHandler(signal)
    setDefaultQueryHandler(query)
    setDefaultUpdateHandler(query)
    setDefaultSignalHandler(undefined)
  })
  assert.deepEqual(host.changes, [
    ['setDefaultSignalHandler', signal], ['setDefaultQueryHandler', query], ['setDefaultUpdateHandler', query],
    ['setDefaultSignalHandler', undefined],
  ])
})

test('allHandlersFinished asks the host', async () => {
  host.handlersRunning = 1
  assert.equal(await host.run(async () => allHandlersFinished()), false)
  host.handlersRunning = 0
  assert.equal(await host.run(async () => allHandlersFinished()), true)
})

test('an update is known to what its handler calls, at once and later, and to nothing else', async () => {
  const info = { id: 'u-1', name: 'addItem' }
  const seen = await host.run(async () => {
    const inside = runUpdate(info, async () => {
      const early = currentUpdateInfo()
      await sleep(5)
      return [early, currentUpdateInfo()]
    })
    const outside = currentUpdateInfo()
    const completed = host.complete('timer 5')
    return [...await inside, outside, await completed]
  })
  assert.deepEqual(seen, [info, info, undefined, undefined])
})

test('wrong options and handlers are refused', async () => {
  const set = (options: unknown) => () => setHandler(addItem, () => 1, options as UpdateHandlerOptions<[string]>)
  const table: [() => void, RegExp][] = [
    [set({ validate: () => undefined }), /Unknown option 'validate' of the handler of update 'addItem'; did you mean 'validator'/],
    [set({ validator: 'x' }), /validator of update 'addItem' is no function/], [set({ description: 7 }), /is no text/],
    [set({ unfinishedPolicy: 'WARN' }), /is 'WARN'; give WARN_AND_ABANDON or ABANDON/], [set('x'), /are x/],
    [() => setHandler(status, () => 'x', { unfinishedPolicy: 'ABANDON' } as object), /Unknown option 'unfinishedPolicy'/],
    [() => setDefaultSignalHandler(7 as never), /handler of signals is of type number/],
    [() => setDefaultQueryHandler({} as never), /handler of queries is of type object/],
    [() => setHandler(defineUpdate('__stack_trace'), () => undefined), /'__stack_trace' is reserved/],
    [() => setHandler(defineQuery('__enhanced_stack_trace'), () => undefined), /is reserved/],
  ]
  await host.run(async () => {
    for (const [call, message] of table) assert.throws(call, { code: 'HANDLER_INVALID', message })
  })
  assert.equal(host.updates.size, 0)
  assert.throws(() => defineUpdate(''), { code: 'HANDLER_INVALID', message: /^defineUpdate\(\) .* an empty name/ })
})
