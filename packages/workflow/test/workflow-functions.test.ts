import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  CancellationScope, condition, defineQuery, defineSignal, deprecatePatch, type Duration, getCurrentDetails, inWorkflowContext, log,
  patched, setCurrentDetails, setHandler, sleep, type TimerOptions, upsertMemo, uuid4, workflowInfo,
} from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('outside of a workflow every function says which one was called', async () => {
  const calls: [() => unknown, string][] = [
    [() => sleep(1), 'sleep()'], [() => condition(() => true), 'condition()'], [() => workflowInfo(), 'workflowInfo()'],
    [() => log.info('x'), 'log.info()'], [() => setHandler(defineSignal('x'), () => undefined), 'setHandler()'],
    [() => CancellationScope.current(), 'CancellationScope.current()'], [() => new CancellationScope(), 'CancellationScope.current()'],
    [() => CancellationScope.nonCancellable(async () => 1), 'CancellationScope.current()'],
  ]
  for (const [call, name] of calls) {
    await assert.rejects(async () => call(), (error: Error & { code: string }) => {
      assert.equal(error.code, 'NOT_IN_WORKFLOW')
      assert.ok(error.message.startsWith(`${name} was called outside of workflow code`), error.message)
      return true
    })
  }
  assert.equal(inWorkflowContext(), false)
})

test('outside of a workflow uuid4() gives any UUID, as on Temporal', () => {
  const ids = [uuid4(), uuid4()]
  for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  assert.notEqual(ids[0], ids[1])
})

test('sleep is a durable timer of at least one millisecond', async () => {
  const running = host.run(async () => {
    await sleep('2 days')
    await sleep(-1)
  })
  await host.drain()
  await host.complete('timer 172800000')
  await host.complete('timer 1')
  await running
})

test('a wrong duration of sleep is refused', async () => {
  await assert.rejects(host.run(async () => sleep('soon' as Duration)), { code: 'DURATION_INVALID', message: /sleep\(\)/ })
})

test('facts, ids and the log come from the host', async () => {
  await host.run(async () => {
    assert.equal(inWorkflowContext(), true)
    assert.equal(workflowInfo().workflowId, 'order-7')
    assert.equal(uuid4(), '00000000-0000-4000-8000-000000000001')
    log.trace('a')
    log.debug('b')
    log.info('c', { cents: 100 })
    log.warn('d')
    log.error('e')
  })
  assert.deepEqual(host.logged.map(({ level, message }) => `${level} ${message}`), ['TRACE a', 'DEBUG b', 'INFO c', 'WARN d', 'ERROR e'])
  assert.deepEqual(host.logged[2]?.attributes, { cents: 100 })
})

test('handlers are set and taken back by name, and typed by their definition', async () => {
  const approve = defineSignal<[by: string]>('approve')
  const status = defineQuery<string, [verbose: boolean]>('status')
  await host.run(async () => {
    let by = 'nobody'
    setHandler(approve, (name) => {
      by = name.toUpperCase()
    })
    setHandler(status, (verbose) => verbose ? `approved by ${by}` : by)
  })
  const handle = host.signals.get('approve') as (by: string) => void
  handle('ann')
  assert.equal((host.queries.get('status') as (verbose: boolean) => string)(true), 'approved by ANN')
  await host.run(async () => {
    setHandler(approve, undefined)
    setHandler(status, undefined)
    // @ts-expect-error a query's handler gives its type
    setHandler(status, () => 7)
  })
  assert.deepEqual([[...host.signals.keys()], [...host.queries.keys()]], [[], ['status']])
})

test('wrong handlers, names and definitions are refused', async () => {
  await host.run(async () => {
    const wrong: [() => void, RegExp][] = [
      [() => setHandler(defineSignal('x'), 'go' as unknown as () => void), /handler of signal 'x' is of type string/],
      [() => setHandler(defineQuery('__perdure_x'), () => undefined), /'__perdure_x' is reserved/],
      [() => setHandler(defineQuery('__temporal_x'), () => undefined), /is reserved/],
      [() => setHandler({ type: 'event', name: 'x' } as never, (() => undefined) as never), /defineQuery\(\) or defineUpdate\(\)/],
      [() => setHandler(undefined as never, (() => undefined) as never), /with undefined in place of a signal, query or update/],
      [() => setHandler('approve' as never, (() => undefined) as never), /type string in place of a signal, query or update/],
    ]
    for (const [call, message] of wrong) assert.throws(call, { code: 'HANDLER_INVALID', message })
  })
})

test('a signal or query without a name is refused where it is defined', () => {
  assert.throws(() => defineSignal(''), { code: 'HANDLER_INVALID', message: /^defineSignal\(\) .* an empty name; .*'approve'/ })
  assert.throws(() => defineQuery(undefined as unknown as string), { code: 'HANDLER_INVALID', message: /^defineQuery\(\) .*undefined/ })
  assert.throws(() => defineQuery(null as unknown as string), { code: 'HANDLER_INVALID', message: /^defineQuery\(\) .*null/ })
})

test('patches are asked of the host, and need an id', async () => {
  host.patches.add('new')
  await host.run(async () => {
    assert.deepEqual([patched('new'), patched('other')], [true, false])
    deprecatePatch('old')
    assert.throws(() => patched(''), { code: 'PATCH_INVALID', message: /^patched\(\) .*patched\('ship-with-tracking'\)$/ })
    assert.throws(() => deprecatePatch(undefined as never), { code: 'PATCH_INVALID', message: /^deprecatePatch\(\)/ })
  })
  assert.deepEqual(host.changes, [['patched', 'new', false], ['patched', 'other', false], ['patched', 'old', true]])
})

test('the memo is changed member by member; undefined takes one away as null does', async () => {
  await host.run(async () => {
    upsertMemo({ page: 2, note: undefined, old: null })
    for (const wrong of [null, undefined, [], 'x']) assert.throws(() => upsertMemo(wrong as never), { code: 'WORKFLOW_OPTIONS_INVALID' })
  })
  assert.deepEqual(host.changes, [['upsertMemo', { page: 2, note: null, old: null }]])
})

test('current details are what was set last', async () => {
  await host.run(async () => {
    assert.equal(getCurrentDetails(), '')
    setCurrentDetails('half done')
    assert.equal(getCurrentDetails(), 'half done')
    assert.throws(() => setCurrentDetails(7 as never), { code: 'WORKFLOW_OPTIONS_INVALID', message: /details is no text/ })
  })
})

test('options of timers are checked', async () => {
  await host.run(async () => {
    const table: [unknown, RegExp][] = [
      [{ sumary: 'x' }, /Unknown option 'sumary' in the options of sleep\(\); did you mean 'summary'/],
      [{ summary: '' }, /summary is empty/],
      [{ eventGroups: [] }, /Perdure does not yet/], [null, /they are null/],
    ]
    for (const [options, message] of table) {
      assert.throws(() => void sleep(1, options as TimerOptions), { code: 'OPTIONS_INVALID', message })
    }
    await assert.rejects(condition(() => true, 5, { summary: 7 } as object), { code: 'OPTIONS_INVALID', message: /of condition\(\)/ })
  })
  assert.deepEqual(host.asked, [])
})
