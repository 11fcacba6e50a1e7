import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { record } from '../../../test/execution-driver.ts'
import { batchAsideMax, batchBytesMax, batchSplitMin, batchTransitionsMax, busyTriesTold } from '../../limits.ts'
import type { Clock } from '../../ports/clock.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreRejectedError, StoreUnavailableError } from '../../ports/store-error.ts'
import type { Store } from '../../ports/store.ts'
import { asIncarnation, asRunId } from '../../protocol/ids.ts'
import type { CommitBatch, CommitOutcome, StartOutcome, StartRecord } from '../../protocol/transition.ts'
import { commitUnit } from './commit-unit.ts'
import { GroupCommit } from './group-commit.ts'
import { type CommitUnit, ownedExecution } from './owned-execution.ts'

/** Commits that wait until the test answers them; pauses that wait until the test ends them. */
class Bench {
  readonly batches: { readonly batch: CommitBatch; readonly answer: PromiseWithResolvers<CommitOutcome> }[] = []
  readonly told: string[] = []
  readonly warned: string[] = []
  readonly pauses: { readonly ms: number; readonly end: () => void }[] = []
  readonly commits: GroupCommit

  constructor(commitsAside = false) {
    const commit = (batch: CommitBatch): Promise<CommitOutcome> => {
      const answer = Promise.withResolvers<CommitOutcome>()
      this.batches.push({ batch, answer })
      return answer.promise
    }
    const clock: Clock = {
      now: () => 0, correct: () => undefined,
      timer: (ms, end) => { this.pauses.push({ ms, end }); return () => undefined },
    }
    const silent = () => undefined
    this.commits = new GroupCommit({
      store: { commit, commitsAside } as unknown as Store, clock, incarnation: asIncarnation(1),
      logger: { debug: silent, info: silent, warn: (message) => void this.warned.push(message), error: silent },
      onOutcome: (unit, outcome, start) => {
        this.told.push(`${unit.owned.runId} ${outcome}`)
        if (start !== undefined) unit.start?.settle(start)
      },
      onRejected: (unit) => { this.told.push(`${unit.owned.runId} rejected`) },
      onLost: (reason) => { this.told.push(`lost: ${reason}`) },
    })
  }

  /** Answers the newest batch as a store would that takes everything. */
  async take(): Promise<void> {
    const { batch, answer } = this.newest()
    answer.resolve({
      type: 'committed', starts: batch.starts.map((): StartOutcome => ({ type: 'started' })),
        transitions: batch.transitions.map(() => 'ok' as const),
    })
    await settle()
  }

  async fail(error: Error): Promise<void> {
    this.newest().answer.reject(error)
    await settle()
  }

  async endPause(): Promise<void> {
    this.pauses.shift()?.end()
    await settle()
  }

  newest(): Bench['batches'][number] {
    const newest = this.batches.at(-1)
    assert.ok(newest !== undefined, 'no commit was sent')
    return newest
  }

  runs(): string[][] {
    return this.batches.map(({ batch }) => batch.transitions.map(({ runId }) => runId))
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function unit(name: string, bytes = 0): CommitUnit {
  const made = commitUnit(ownedExecution({ ...record, runId: asRunId(name) }, 0))
  if (bytes > 0) made.events.push({ seq: 1, type: 'TimerFired', at: 0, data: 'x'.repeat(bytes) })
  made.owned.unit = made
  return made
}

function startUnit(name: string): { unit: CommitUnit; outcome: Promise<StartOutcome | Error> } {
  const made = unit(name)
  const { promise, resolve, reject } = Promise.withResolvers<StartOutcome>()
  made.start = { record: { runId: asRunId(name), input: '' } as unknown as StartRecord, settle: resolve, reject }
  return { unit: made, outcome: promise.catch((error: Error) => error) }
}

describe('group commit', () => {
  test('what is added in one turn goes in one batch, and what is added meanwhile in the next', async () => {
    const bench = new Bench()
    for (const name of ['a', 'b']) bench.commits.add(unit(name))
    await settle()
    for (const name of ['c', 'd', 'e']) bench.commits.add(unit(name))
    await settle()
    assert.deepEqual(bench.runs(), [['a', 'b']])
    await bench.take()
    assert.deepEqual(bench.runs(), [['a', 'b'], ['c', 'd', 'e']])
    await bench.take()
    await bench.commits.settled()
    assert.deepEqual(bench.told, ['a ok', 'b ok', 'c ok', 'd ok', 'e ok'])
  })

  test('a unit added twice is sent once, and one that was removed is not sent', async () => {
    const bench = new Bench()
    const [a, b] = [unit('a'), unit('b')]
    for (const one of [a, b, a]) bench.commits.add(one)
    bench.commits.remove(b)
    await settle()
    assert.deepEqual(bench.runs(), [['a']])
  })

  test('a unit of an execution in the middle of an activation waits for its end', async () => {
    const bench = new Bench()
    const one = unit('a')
    one.owned.live = { activating: true } as never
    bench.commits.add(one)
    bench.commits.add(unit('b'))
    await settle()
    assert.deepEqual(bench.runs(), [['b']])
    one.owned.live = undefined
    await bench.take()
    assert.deepEqual(bench.runs(), [['b'], ['a']])
  })

  test('while it is sent a unit takes no more changes', async () => {
    const bench = new Bench()
    const one = unit('a')
    bench.commits.add(one)
    await settle()
    assert.equal(one.owned.unit, undefined)
    assert.equal(one.owned.sent, one)
    await bench.take()
    assert.equal(one.owned.sent, undefined)
  })

  test('a batch holds a bounded number of transitions', async () => {
    const bench = new Bench()
    for (let index = 0; index < batchTransitionsMax + 1; index++) bench.commits.add(unit(`run${index}`))
    await settle()
    await bench.take()
    assert.deepEqual(bench.runs().map((runs) => runs.length), [batchTransitionsMax, 1])
  })

  test('where the database is another process, many units after a pause go in two halves, and stay apart', async () => {
    const bench = new Bench(true)
    for (let index = 0; index < batchSplitMin; index++) bench.commits.add(unit(`run${index}`))
    await settle()
    await bench.take()
    for (let index = 0; index < batchSplitMin / 2; index++) bench.commits.add(unit(`next${index}`))
    await bench.take()
    await bench.take()
    assert.deepEqual(bench.runs().map((runs) => runs.length), [batchSplitMin / 2, batchSplitMin / 2, batchSplitMin / 2])
    for (let index = 0; index < batchSplitMin - 1; index++) bench.commits.add(unit(`few${index}`))
    await settle()
    assert.equal(bench.runs()[3]?.length, batchSplitMin - 1)
    await bench.take()
    for (let index = 0; index < 3 * batchAsideMax; index++) bench.commits.add(unit(`many${index}`))
    await settle()
    await bench.take()
    await bench.take()
    assert.deepEqual(bench.runs().slice(4).map((runs) => runs.length), [batchAsideMax, batchAsideMax, batchAsideMax])
  })

  test('a batch holds a bounded number of bytes, and what alone is larger goes alone', async () => {
    const bench = new Bench()
    const half = batchBytesMax / 2
    for (const [name, bytes] of [['a', half], ['b', half - 1_000], ['c', half], ['d', batchBytesMax + 1], ['e', 1]] as const) {
      bench.commits.add(unit(name, bytes))
    }
    for (let sent = 0; sent < 4; sent++) {
      await settle()
      await bench.take()
    }
    assert.deepEqual(bench.runs().flat().sort(), ['a', 'b', 'c', 'd', 'e'])
    assert.ok(bench.runs().some((runs) => runs.join() === 'd'), JSON.stringify(bench.runs()))
    for (const { batch } of bench.batches) {
      const bytes = batch.transitions.flatMap(({ events }) => events).reduce((sum, { data }) => sum + data.length, 0)
      assert.ok(batch.transitions.length === 1 || bytes <= batchBytesMax)
    }
  })

  test('what children are started with counts as often as it is sent', async () => {
    const bench = new Bench()
    const input = `["${'x'.repeat(batchBytesMax / 8)}"]`
    for (const name of ['a', 'b', 'c']) {
      const asking = unit(name)
      const answer = { type: 'T', data: input }
      const start = { workflowId: name, input, memo: null, searchAttributes: null } as unknown as StartRecord
      asking.outgoing.push({ type: 'start', command: 1, start, done: answer, refused: answer })
      bench.commits.add(asking)
    }
    await settle()
    await bench.take()
    assert.deepEqual(bench.runs(), [['a', 'b'], ['c']])
    for (const { batch } of bench.batches) assert.ok(JSON.stringify(batch).length <= batchBytesMax)
  })
})

describe('group commit and errors', () => {
  test('a batch that is refused as a whole is halved until the culprit is alone', async () => {
    const bench = new Bench()
    for (const name of ['a', 'b', 'c', 'd', 'e']) bench.commits.add(unit(name))
    await settle()
    for (let sent = 0; sent < bench.batches.length; sent++) {
      const hasCulprit = bench.newest().batch.transitions.some(({ runId }) => runId === 'd')
      await (hasCulprit ? bench.fail(new StoreRejectedError('no')) : bench.take())
    }
    assert.deepEqual([...bench.told].sort(), ['a ok', 'b ok', 'c ok', 'd rejected', 'e ok'])
  })

  test('while the database is away the same batch is tried again in growing pauses, at most a second', async () => {
    const bench = new Bench()
    bench.commits.add(unit('a'))
    await settle()
    const pauses: number[] = []
    for (let tries = 0; tries < 10; tries++) {
      await bench.fail(new StoreUnavailableError('away'))
      pauses.push(bench.pauses[0]?.ms ?? -1)
      await bench.endPause()
    }
    assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 1_000, 1_000])
    await bench.take()
    assert.deepEqual(bench.told, ['a ok'])
  })

  test('after an unknown outcome nothing more is sent', async () => {
    const bench = new Bench()
    bench.commits.add(unit('a'))
    await settle()
    bench.commits.add(unit('b'))
    await bench.fail(new StoreOutcomeUnknownError('cut'))
    bench.commits.add(unit('c'))
    await settle()
    assert.deepEqual(bench.runs(), [['a']])
    assert.deepEqual(bench.told, ['lost: cut'])
  })

  test('a fenced commit ends it, and the starts that were sent and that waited hear of it', async () => {
    const bench = new Bench()
    const [sent, waiting] = [startUnit('a'), startUnit('b')]
    bench.commits.add(sent.unit)
    await settle()
    bench.commits.add(waiting.unit)
    bench.newest().answer.resolve({ type: 'fenced' })
    assert.ok(await sent.outcome instanceof Error)
    assert.ok(await waiting.outcome instanceof Error)
    assert.equal(bench.told.length, 1)
  })

  test('a start that waits for a busy database when the worker ends is refused, not forgotten', async () => {
    const bench = new Bench()
    const start = startUnit('a')
    bench.commits.add(start.unit)
    await settle()
    await bench.fail(new StoreBusyError('busy'))
    bench.commits.stop()
    await bench.endPause()
    assert.ok(await start.outcome instanceof StoreUnavailableError)
    assert.equal(bench.batches.length, 1)
  })

  test('a start whose commit is under way when the worker ends hears what came of it', async () => {
    const bench = new Bench()
    const { unit: starting, outcome } = startUnit('a')
    bench.commits.add(starting)
    await settle()
    bench.commits.stop()
    await bench.take()
    assert.deepEqual(await Promise.race([outcome, settle()]), { type: 'started' })
    assert.deepEqual(bench.told, [])
  })

  test('when one half of a halved batch is lost, the starts of the other hear of it', async () => {
    const bench = new Bench()
    const starts = ['a', 'b'].map(startUnit)
    for (const start of starts) bench.commits.add(start.unit)
    await settle()
    await bench.fail(new StoreRejectedError('too much'))
    await bench.fail(new StoreOutcomeUnknownError('cut'))
    assert.deepEqual((await Promise.all(starts.map(({ outcome }) => outcome))).map((error) => error instanceof Error), [true, true])
    assert.equal(bench.batches.length, 2)
  })
})

test('a commit that others hold up for longer than a moment is told of, once', async () => {
  const bench = new Bench()
  bench.commits.add(unit('a'))
  await settle()
  for (let tries = 0; tries < 20; tries++) {
    assert.equal(bench.warned.length, tries > busyTriesTold ? 1 : 0)
    await bench.fail(new StoreBusyError('busy'))
    await bench.endPause()
  }
  await bench.take()
  assert.deepEqual(bench.told, ['a ok'])
})
