import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, mock, test, type Mock, type TestContext } from 'node:test'
import { StoreBusyError, StoreOutcomeUnknownError, StoreRejectedError, StoreUnavailableError } from '@perdure/engine'
import { Connection } from '../src/connection.ts'
import { OperationQueue } from '../src/operation-queue.ts'
import type { Change, Query } from '../src/statement.ts'
import { temporaryFolder } from './temporary-folder.ts'

const insert: Change<[id: number]> = { sql: 'insert into numbers (id) values (?)' }
const list: Query<[], { readonly id: number }, number> = { sql: 'select id from numbers order by rowid', decode: row => row.id }

interface Stage {
  readonly connection: Connection
  readonly queue: OperationQueue
  /** As another process has it. */
  readonly other: Connection
  readonly add: (id: number) => Promise<number>
  readonly numbers: () => number[]
  readonly onRollback: Mock<() => void>
}

function stage(context: TestContext, busyWaitMs = 5_000): Stage {
  const file = join(temporaryFolder(context), 'queue.db')
  const [connection, other] = [new Connection(file), new Connection(file)]
  connection.configure()
  connection.exec('create table numbers (id integer not null unique) strict')
  const onRollback = mock.fn<() => void>()
  const queue = new OperationQueue({ connection, location: file, onRollback, busyWaitMs })
  context.after(async () => {
    await queue.close()
    connection.close()
    other.close()
  })
  return {
    connection, queue, other, onRollback, add: id => queue.write(() => connection.run(insert, id)), numbers: () => other.all(list),
  }
}

describe('operation queue', () => {
  test('operations of one turn are one commit, in the order of the calls', async context => {
    const { connection, add, numbers } = stage(context)
    const commits = context.mock.method(connection, 'commit')
    await Promise.all([3, 1, 2].map(add))
    assert.equal(commits.mock.callCount(), 1)
    assert.deepEqual(numbers(), [3, 1, 2])
  })

  test('nothing is answered before its commit', async context => {
    const { connection, add, numbers } = stage(context)
    const seen: number[][] = []
    context.mock.method(connection, 'commit', () => {
      seen.push(numbers())
      connection.exec('commit')
    })
    const answered: number[] = []
    await Promise.all([1, 2].map(id => add(id).then(() => answered.push(numbers().length))))
    assert.deepEqual(seen, [[]])
    assert.deepEqual(answered, [2, 2])
  })

  test('an operation that fails changes nothing and fails none of its neighbours', async context => {
    const { queue, connection, add, numbers, onRollback } = stage(context)
    await add(1)
    const broken = queue.write(() => {
      connection.run(insert, 7)
      connection.run(insert, 1)
    })
    const outcomes = await Promise.allSettled([add(2), broken, add(3)])
    assert.deepEqual(outcomes.map(outcome => outcome.status), ['fulfilled', 'rejected', 'fulfilled'])
    await assert.rejects(broken, StoreRejectedError)
    assert.deepEqual(numbers(), [1, 2, 3])
    assert.equal(onRollback.mock.callCount() > 0, true)
  })

  test('an error of our own passes as it is', async context => {
    const { queue } = stage(context)
    const own = new RangeError('mine')
    await assert.rejects(queue.write(() => {
      throw own
    }), error => error === own)
    await assert.rejects(queue.read(() => {
      throw own
    }), error => error === own)
  })

  test('a read sees the writes that were asked for before it, and not those after', async context => {
    const { queue, connection, add } = stage(context)
    const [, between] = await Promise.all([add(1), queue.read(() => connection.all(list)), add(2)])
    assert.deepEqual(between, [1])
  })

  test('while another process holds the lock the event loop turns, and the write is made afterwards', async context => {
    const { other, add, numbers } = stage(context)
    other.beginWrite()
    const write = add(1)
    for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(numbers(), [])
    other.commit()
    assert.equal(await write, 1)
    assert.deepEqual(numbers(), [1])
  })

  test('who waits too long is told that the database is busy, and nothing was changed', async context => {
    const { other, queue, connection, add, numbers } = stage(context, 20)
    other.beginWrite()
    const outcomes = await Promise.allSettled([add(1), add(2), queue.read(() => connection.all(list))])
    assert.deepEqual(outcomes.map(outcome => outcome.status === 'rejected' && outcome.reason instanceof StoreBusyError), [true, true, true])
    other.rollback()
    await add(3)
    assert.deepEqual(numbers(), [3])
  })

  test('reads do not wait for the write lock of another', async context => {
    const { other, queue, connection } = stage(context)
    other.beginWrite()
    assert.deepEqual(await queue.read(() => connection.all(list)), [])
    other.rollback()
  })

  test('a commit that fails leaves the outcome unknown, unless it was rolled back', async context => {
    const { connection, add } = stage(context)
    const failing = context.mock.method(connection, 'commit', () => {
      connection.rollback()
      throw new Error('disk on fire')
    })
    await assert.rejects(add(1), StoreOutcomeUnknownError)
    failing.mock.restore()
    assert.equal(await add(1), 1)
  })

  test('a transaction that began, and told of an error, is given up: the next one begins', async context => {
    const { connection, add, numbers } = stage(context)
    const begin = connection.beginWrite.bind(connection)
    const failing = context.mock.method(connection, 'beginWrite', () => {
      begin()
      throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })
    })
    await assert.rejects(add(1), StoreUnavailableError)
    failing.mock.restore()
    assert.equal(await add(2), 1)
    assert.deepEqual(numbers(), [2])
  })

  test('what cannot tell whether others have committed neither fails an operation nor ends the process', async context => {
    const { connection, add, numbers } = stage(context)
    context.mock.method(connection, 'dataVersion', () => {
      throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })
    })
    assert.deepEqual(await Promise.all([add(1), add(2)]), [1, 1])
    assert.equal(await add(3), 1)
    assert.deepEqual(numbers(), [1, 2, 3])
  })

  test('more operations than fit in one transaction are all made, in order', async context => {
    const { add, numbers } = stage(context)
    const ids = Array.from({ length: 950 }, (_, index) => index)
    await Promise.all(ids.map(add))
    assert.deepEqual(numbers(), ids)
  })

  test('closing waits for what was asked for and refuses more', async context => {
    const { queue, add, numbers } = stage(context)
    const [write] = [add(1), queue.close(), queue.close()]
    await assert.rejects(add(2), StoreUnavailableError)
    await queue.close()
    assert.equal(await write, 1)
    assert.deepEqual(numbers(), [1])
  })
})
