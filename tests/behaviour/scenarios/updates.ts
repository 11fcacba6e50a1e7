import assert from 'node:assert/strict'
import {
  WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError,
} from 'perdure'
import { ApplicationFailure } from 'perdure/workflow'
import { as, rejectionOf, until, type Scenario } from '../stage.ts'
import * as updates from '../workflows/updates.ts'

export const updateScenarios: readonly Scenario[] = [
  {
    name: 'an update changes the workflow and gives the result of its handler',
    async run(_t, { start }) {
      const handle = await start(updates.account, 5)
      assert.equal(await handle.executeUpdate(updates.addUp, { args: [2] }), 7)
      assert.equal(await handle.executeUpdate(updates.addSlowly, { args: [3] }), 10)
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 10)
    },
  },
  {
    name: 'an update that lets the workflow end gives its result all the same',
    async run(_t, { start }) {
      const handle = await start(updates.account, 5)
      assert.equal(await handle.executeUpdate(updates.payOut), 5)
      assert.equal(await handle.result(), 5)
      await assert.rejects(handle.executeUpdate(updates.payOut), WorkflowNotFoundError)
    },
  },
  {
    name: 'an update that is started is accepted first, and its result is there later, by its id too',
    async run(_t, { engine, id, start }) {
      const handle = await start(updates.account)
      const update = await handle.startUpdate(updates.addSlowly, { args: [3], waitForStage: 'ACCEPTED', updateId: 'first' })
      assert.deepEqual([update.updateId, update.workflowId, update.workflowRunId], ['first', id, handle.runId])
      assert.equal(await update.result(), 3)
      assert.equal(await engine.workflows.getHandle(id).getUpdateHandle<number>('first').result(), 3)
      await handle.signal(updates.closeAccount)
      await handle.result()
      assert.equal(await handle.getUpdateHandle<number>('first').result(), 3)
    },
  },
  {
    name: 'an update is made once for an id, however often it is asked for',
    async run(_t, { start }) {
      const handle = await start(updates.account)
      const asked = await Promise.all([1, 2, 3].map(() => handle.executeUpdate(updates.addUp, { args: [1], updateId: 'same' })))
      assert.deepEqual(asked, [1, 1, 1])
      assert.equal(await handle.executeUpdate(updates.nameOfUpdate, { updateId: 'other' }), 'nameOfUpdate other')
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 1)
    },
  },
  {
    name: 'an update that its validator rejects, or for which there is no handler, changes nothing and leaves no trace',
    async run(_t, { start }) {
      const handle = await start(updates.account)
      const rejected = as(WorkflowUpdateFailedError, await rejectionOf(handle.executeUpdate(updates.addUp, { args: [-1], updateId: 'u' })))
      assert.deepEqual([rejected.code, as(ApplicationFailure, rejected.cause).type], ['UPDATE_REJECTED', 'Overdrawn'])
      const unknown = as(WorkflowUpdateFailedError, await rejectionOf(handle.executeUpdate('addDown')))
      assert.equal(unknown.code, 'UPDATE_NOT_REGISTERED')
      assert.match(unknown.message, /addDown/)
      const events = await handle.history()
      assert.ok(events.every(({ eventType }) => !eventType.includes('Update')))
      assert.equal(await handle.executeUpdate(updates.addUp, { args: [1], updateId: 'u' }), 1, 'its id may be asked again')
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 1)
    },
  },
  {
    name: 'an update whose handler fails gives the failure, and the workflow goes on',
    async run(_t, { start }) {
      const handle = await start(updates.account)
      const failed = as(WorkflowUpdateFailedError, await rejectionOf(handle.executeUpdate(updates.refuseUpdate)))
      const cause = as(ApplicationFailure, failed.cause)
      assert.deepEqual([failed.code, cause.type, cause.message], ['UPDATE_FAILED', 'Closed', 'not on Sundays'])
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 0)
    },
  },
  {
    name: 'an update asked for before any worker has run the workflow is made when one does',
    async run(_t, { id, engine, openAnother, ownQueue }) {
      const handle = await engine.workflows.start(updates.account, { workflowId: id, taskQueue: ownQueue, args: [] })
      const result = handle.executeUpdate(updates.addUp, { args: [4] })
      const timed = handle.executeUpdate(updates.addUp, { args: [1], updateId: 'late', timeout: 20 })
      as(WorkflowUpdateRPCTimeoutOrCancelledError, await rejectionOf(timed))
      await openAnother()
      assert.equal(await result, 4)
      assert.equal(await handle.getUpdateHandle<number>('late').result(), 5, 'the time of the waiting was over, not that of the update')
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 5)
    },
  },
  {
    name: 'an update that is under way when its workflow ends fails, as one that was never asked of it in time does',
    async run(_t, { start }) {
      const handle = await start(updates.account)
      const endless = await handle.startUpdate(updates.addNever, { waitForStage: 'ACCEPTED' })
      await handle.signal(updates.closeAccount)
      await handle.result()
      const failed = as(WorkflowUpdateFailedError, await rejectionOf(endless.result()))
      assert.equal(as(ApplicationFailure, failed.cause).type, 'AcceptedUpdateCompletedWorkflow')
      as(WorkflowNotFoundError, await rejectionOf(handle.executeUpdate(updates.addUp, { args: [1] })))
      const unknown = as(WorkflowNotFoundError, await rejectionOf(handle.getUpdateHandle('never').result()))
      assert.equal(unknown.code, 'UPDATE_NOT_FOUND')
    },
  },
  {
    name: 'an update that ends its workflow has its result all the same',
    async run(_t, { start }) {
      const handle = await start(updates.endsByUpdate)
      assert.equal(await handle.executeUpdate(updates.addUp, { args: [1] }), 2)
      assert.equal(await handle.result(), 2)
    },
  },
  {
    name: 'fifty updates at once are made one after another',
    async run(_t, { start, cold }) {
      const handle = await start(updates.account)
      const count = cold ? 20 : 50
      const sums = await Promise.all(Array.from({ length: count }, () => handle.executeUpdate(updates.addUp, { args: [1] })))
      assert.deepEqual(sums.toSorted((one, other) => one - other), Array.from({ length: count }, (_, index) => index + 1))
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), count)
    },
  },
  {
    name: 'an update starts the workflow that it is for, or finds it open',
    async run(_t, { id, engine }) {
      const operation = () => new WithStartWorkflowOperation(updates.account, {
        workflowId: id, args: [10], workflowIdConflictPolicy: 'USE_EXISTING',
      })
      const first = operation()
      const sum = await engine.workflows.executeUpdateWithStart(updates.addUp, { args: [1], startWorkflowOperation: first })
      const again = await engine.workflows.startUpdateWithStart(updates.addUp, {
        args: [2], startWorkflowOperation: operation(), waitForStage: 'COMPLETED',
      })
      assert.deepEqual([sum, await again.result()], [11, 13])
      const handle = await first.workflowHandle()
      assert.equal(again.workflowRunId, handle.runId)
      const refused = new WithStartWorkflowOperation(updates.account, { workflowId: id, args: [], workflowIdConflictPolicy: 'FAIL' })
      await assert.rejects(engine.workflows.executeUpdateWithStart(updates.addUp, { args: [1], startWorkflowOperation: refused }), {
        code: 'WORKFLOW_ALREADY_STARTED',
      })
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 13)
    },
  },
  {
    name: 'an update that its first run rejects has started it all the same',
    async run(_t, { id, engine }) {
      const operation = new WithStartWorkflowOperation(updates.account, { workflowId: id, args: [], workflowIdConflictPolicy: 'FAIL' })
      const refused = engine.workflows.executeUpdateWithStart(updates.addUp, { args: [-1], startWorkflowOperation: operation })
      assert.equal(as(WorkflowUpdateFailedError, await rejectionOf(refused)).code, 'UPDATE_REJECTED')
      const handle = await operation.workflowHandle()
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 0)
    },
  },
  {
    name: 'a signal starts the workflow that it is for, finds it open, or starts the next',
    async run(_t, { id, engine }) {
      const signalled = () => engine.workflows.signalWithStart(updates.account, { workflowId: id, args: [3], signal: updates.closeAccount })
      const first = await signalled()
      assert.equal(await first.result(), 3)
      const open = await engine.workflows.start(updates.account, { workflowId: id, args: [4] })
      const joined = await signalled()
      assert.deepEqual([joined.started, joined.signaledRunId], [false, open.runId])
      assert.equal(await open.result(), 4)
      const last = await signalled()
      assert.ok(last.started && last.signaledRunId !== open.runId)
      assert.equal(await last.result(), 3)
      await until(async () => (await engine.workflows.count({ workflowId: id })) === 3)
    },
  },
]
