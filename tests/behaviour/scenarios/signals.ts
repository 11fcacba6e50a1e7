import assert from 'node:assert/strict'
import { WorkflowNotFoundError } from 'perdure'
import { ApplicationFailure } from 'perdure/workflow'
import { probe } from '../probe.ts'
import { as, failureOf, rejectionOf, until, type Scenario } from '../stage.ts'
import * as messages from '../workflows/messages.ts'
import * as steps from '../workflows/steps.ts'

export const signalScenarios: readonly Scenario[] = [
  {
    name: 'a signal sent while the workflow waits is handled',
    async run(_t, { start }) {
      const handle = await start(messages.gather)
      await until(async () => (await handle.query(messages.given)) !== undefined)
      await handle.signal(messages.give, 7)
      await handle.signal(messages.finish)
      assert.deepEqual(await handle.result(), [7])
    },
  },
  {
    name: 'signals sent before any worker has run the workflow are handled, in order',
    async run(_t, { id, engine, openAnother, ownQueue }) {
      const handle = await engine.workflows.start(messages.gather, { workflowId: id, taskQueue: ownQueue })
      for (const value of [1, 2, 3]) await handle.signal(messages.give, value)
      await handle.signal(messages.finish)
      await openAnother()
      assert.deepEqual(await handle.result(), [1, 2, 3])
    },
  },
  {
    name: 'signals sent before their handler is set are kept for it, in order',
    async run(_t, { id, start }) {
      const handle = await start(messages.gatherLate, id, 3)
      await probe(id).noted('entered')
      for (const value of [1, 2, 3]) await handle.signal(messages.give, value)
      probe(id).open()
      assert.deepEqual(await handle.result(), [1, 2, 3])
    },
  },
  {
    name: 'kept signals are handled in the order in which their handlers are set',
    async run(_t, { id, start }) {
      const handle = await start(messages.gatherByHandler, id)
      await probe(id).noted('entered')
      await handle.signal(messages.give, 1)
      await handle.signal(messages.other, 'a')
      await handle.signal(messages.give, 2)
      probe(id).open()
      assert.deepEqual(await handle.result(), ['a', 1, 2])
    },
  },
  {
    name: 'two hundred signals sent one after another arrive once each, in order',
    async run(_t, { start, cold }) {
      const handle = await start(messages.gather)
      const values = Array.from({ length: cold ? 50 : 200 }, (_, index) => index)
      for (const value of values) await handle.signal(messages.give, value)
      await handle.signal(messages.finish)
      assert.deepEqual(await handle.result(), values)
    },
  },
  {
    name: 'signals sent all at once arrive once each',
    async run(_t, { start, cold }) {
      const handle = await start(messages.gather)
      const values = Array.from({ length: cold ? 50 : 200 }, (_, index) => index)
      await Promise.all(values.map((value) => handle.signal(messages.give, value)))
      await handle.signal(messages.finish)
      assert.deepEqual((await handle.result() as number[]).toSorted((a, b) => a - b), values)
    },
  },
  {
    name: 'a signal may be sent by name and by workflow id',
    async run(_t, { id, engine, start }) {
      const handle = await start(messages.gather)
      await engine.workflows.signal(id, 'give', 5)
      await engine.workflows.signal(id, 'finish')
      assert.deepEqual(await handle.result(), [5])
    },
  },
  {
    name: 'a handler that waits does not hold up the next signal',
    async run(_t, { id, start }) {
      const handle = await start(messages.handleSlowly, id)
      await Promise.all([handle.signal(messages.give, 1), handle.signal(messages.give, 2)])
      assert.deepEqual(await handle.result(), ['began 1', 'began 2', 'ended 1', 'ended 2'])
    },
  },
  {
    name: 'an error thrown by a signal handler fails the workflow',
    async run(_t, { start }) {
      const handle = await start(messages.breakable)
      await handle.signal(messages.breakDown, 'broke')
      const cause = as(ApplicationFailure, (await failureOf(handle.result())).cause)
      assert.deepEqual([cause.message, cause.type], ['broke', 'Broken'])
    },
  },
  {
    name: 'a signal that nobody handles does no harm',
    async run(_t, { id, start }) {
      const handle = await start(steps.waitAtGate, id)
      await probe(id).noted('entered')
      await handle.signal('unheard', { of: 1 })
      probe(id).open()
      assert.equal(await handle.result(), 'gate')
    },
  },
  {
    name: 'a signal to a closed execution is refused',
    async run(_t, { start }) {
      const handle = await start(steps.nothing)
      await handle.result()
      as(WorkflowNotFoundError, await rejectionOf(handle.signal(messages.finish)))
    },
  },
  {
    name: 'a signal to an unknown execution is refused and names it',
    async run(_t, { id, engine }) {
      const error = as(WorkflowNotFoundError, await rejectionOf(engine.workflows.signal(`${id}-unknown`, messages.finish)))
      assert.match(error.message, new RegExp(`${id}-unknown`))
    },
  },
]
