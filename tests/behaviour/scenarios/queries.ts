import assert from 'node:assert/strict'
import { QueryNotRegisteredError, WorkflowNotFoundError } from 'perdure'
import { probe } from '../probe.ts'
import { as, failureOf, rejectionOf, until, type Scenario } from '../stage.ts'
import * as messages from '../workflows/messages.ts'

const asked: (id: string, start: Parameters<Scenario['run']>[1]['start']) => ReturnType<typeof start> = async (id, start) => {
  const handle = await start(messages.asked, id)
  await probe(id).noted('entered')
  return handle
}

export const queryScenarios: readonly Scenario[] = [
  {
    name: 'a query sees every signal that was acknowledged before it',
    async run(_t, { id, engine, start, cold, openAnother }) {
      const handle = await start(messages.gather)
      const producer = await openAnother({ worker: false })
      const times = cold ? 5 : 25
      for (let index = 0; index < times; index++) {
        await handle.signal(messages.give, index)
        assert.equal(((await handle.query(messages.given)) as unknown[]).length, 2 * index + 1)
        await producer.workflows.signal(id, 'give', index)
        assert.equal(((await engine.workflows.query(id, messages.given)) as unknown[]).length, 2 * index + 2)
      }
      await handle.terminate()
    },
  },
  {
    name: 'a query sees a signal that waits with an execution that nobody has taken up yet',
    async run(_t, { id, ownQueue, openAnother }) {
      const producer = await openAnother({ worker: false })
      const handle = await producer.workflows.start('gather', { workflowId: id, taskQueue: ownQueue, startDelay: '1 hour' })
      await handle.signal(messages.give, 7)
      await openAnother()
      assert.deepEqual(await handle.query(messages.given), [7])
      await handle.terminate()
    },
  },
  {
    name: 'a query is answered while an activity runs, and takes arguments',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      assert.equal(await handle.query(messages.stage), 'begun')
      assert.equal(await handle.query(messages.sumWith, 2, 3), 5)
    },
  },
  {
    name: 'a query is answered while the workflow sleeps',
    async run(_t, { start }) {
      const handle = await start(messages.asleep)
      await until(async () => await handle.query(messages.stage) === 'asleep')
      await handle.terminate('over')
    },
  },
  {
    name: 'a query is answered after the workflow completed',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      probe(id).open()
      await handle.result()
      assert.equal(await handle.query(messages.stage), 'ended')
      assert.equal(await handle.query('sumWith', 20, 3), 23)
    },
  },
  {
    name: 'a query is answered after the workflow failed',
    async run(_t, { start }) {
      const handle = await start(messages.askedThenFails)
      await failureOf(handle.result())
      assert.equal(await handle.query(messages.stage), 'greeted')
    },
  },
  {
    name: 'a query is answered after the workflow was terminated',
    async run(_t, { start }) {
      const handle = await start(messages.asleep)
      await until(async () => await handle.query(messages.stage) === 'asleep')
      await handle.terminate('over')
      assert.equal(await handle.query(messages.stage), 'asleep')
    },
  },
  {
    name: 'a query asked through an engine without a worker is answered by the worker',
    async run(_t, { id, start, openAnother }) {
      await asked(id, start)
      const producer = await openAnother({ worker: false })
      assert.equal(await producer.workflows.query(id, messages.sumWith, 4, 5), 9)
    },
  },
  {
    name: 'an unknown query is refused, and says which there are',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      const error = as(QueryNotRegisteredError, await rejectionOf(handle.query(messages.missing)))
      assert.match(error.message, /missing/)
      assert.match(error.message, /sumWith/)
    },
  },
  {
    name: 'a query whose handler throws is refused with its message, and the workflow goes on',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      const error = as(QueryNotRegisteredError, await rejectionOf(handle.query(messages.broken)))
      assert.match(error.message, /the query broke/)
      probe(id).open()
      assert.equal(await handle.result(), 'ended')
    },
  },
  {
    name: 'a query that tries to run an activity or a timer is refused, while the workflow runs and after, and leaves no trace',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      const attempts = [[messages.meddling, /activity 'greet' was called/], [messages.meddlingLater, /a timer was started/]] as const
      const refused = async (): Promise<void> => {
        for (const [query, what] of attempts) {
          const error = as(QueryNotRegisteredError, await rejectionOf(handle.query(query)))
          assert.equal(error.code, 'QUERY_FAILED')
          assert.match(error.message, what)
          assert.match(error.message, /queries may only read/)
        }
      }
      await refused()
      probe(id).open()
      assert.equal(await handle.result(), 'ended')
      await refused()
      const scheduled = (await handle.history()).filter((event) => /ActivityTaskScheduled|TimerStarted/.test(event.eventType))
      assert.equal(scheduled.length, 2)
    },
  },
  {
    name: 'an async query handler answers when it waits for nothing, and is refused when it does, while the workflow runs and after',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      const answers = async (at: string): Promise<void> => {
        const endless = Array.from({ length: 20 }, () => rejectionOf(handle.query(messages.endless)))
        assert.equal(await handle.query<unknown>(messages.prompt), at)
        for (const rejection of await Promise.all(endless)) {
          const error = as(QueryNotRegisteredError, rejection)
          assert.deepEqual([error.code, /waits for something\. A query answers at once/.test(error.message)], ['QUERY_FAILED', true])
        }
      }
      await answers('begun')
      probe(id).open()
      assert.equal(await handle.result(), 'ended')
      await answers('ended')
    },
  },
  {
    name: 'an answer that cannot be stored is refused, and the workflow goes on',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      await rejectionOf(handle.query(messages.later))
      probe(id).open()
      assert.equal(await handle.result(), 'ended')
    },
  },
  {
    name: 'queries leave nothing in the history',
    async run(_t, { id, start }) {
      const handle = await asked(id, start)
      // The activity that runs meanwhile gets a row, and is shown, when it has run for a while.
      const types = async (): Promise<string[]> => (
        (await handle.history()).map(({ eventType }) => eventType).filter((type) => type !== 'ActivityTaskScheduled'))
      const before = await types()
      for (let asks = 0; asks < 5; asks++) await handle.query(messages.stage)
      assert.deepEqual(await types(), before)
    },
  },
  {
    name: 'a query of an unknown execution is refused',
    async run(_t, { id, engine }) {
      as(WorkflowNotFoundError, await rejectionOf(engine.workflows.query(`${id}-unknown`, messages.stage)))
    },
  },
]
