import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Engine, WorkflowNotFoundError } from 'perdure'
import type { ApprovalRequest } from './approval-request.ts'
import { approval, approve, getRejectionReason, isApproved, reject } from './workflows.ts'

const request: ApprovalRequest = { requestId: 'r-1', requestedBy: 'Ines', action: 'Open the gate' }

describe('human approval', () => {
  let engine: Engine
  let called: string[] = []

  before(async () => {
    // Nothing kept in memory, so that an execution is laid down at once where it waits.
    engine = await Engine.open({ database: ':memory:', worker: { maxCachedWorkflows: 0 } })
    engine.workflows.register({ approval })
    engine.activities.register({
      sendApprovalRequest: async (asked: ApprovalRequest) => void called.push(`asked ${asked.requestId}`),
      executeApprovedAction: async (asked: ApprovalRequest) => {
        called.push(`did ${asked.requestId}`)
        return asked.action
      },
    })
    await engine.start()
  })

  after(() => engine.stop())

  it('runs the action once it is approved', async () => {
    called = []
    const handle = await engine.workflows.start(approval, { workflowId: 'approved', args: [request] })
    assert.equal(await handle.query(isApproved), false)
    await handle.signal(approve)
    assert.deepEqual(await handle.result(), { status: 'approved', result: 'Open the gate' })
    assert.deepEqual(called, ['asked r-1', 'did r-1'])
    assert.equal(await handle.query(isApproved), true)
  })

  it('does nothing when it is rejected, and says why, also later', async () => {
    called = []
    const handle = await engine.workflows.start(approval, { workflowId: 'rejected', args: [request] })
    await handle.signal(reject, 'too late')
    assert.deepEqual(await handle.result(), { status: 'rejected', reason: 'too late' })
    assert.equal(await handle.query(getRejectionReason), 'too late')
    assert.deepEqual(called, ['asked r-1'])
  })

  it('refuses an answer that comes after another one ended it', async () => {
    const handle = await engine.workflows.start(approval, { workflowId: 'late', args: [request] })
    await handle.signal(reject, 'no')
    assert.deepEqual(await handle.result(), { status: 'rejected', reason: 'no' })
    await assert.rejects(handle.signal(approve), WorkflowNotFoundError)
    assert.equal(await handle.query(isApproved), false)
  })

  it('gives up when nobody answers in time', async () => {
    called = []
    const handle = await engine.workflows.start(approval, { workflowId: 'timeout', args: [request, '30 ms'] })
    assert.deepEqual(await handle.result(), { status: 'timeout' })
    assert.deepEqual(called, ['asked r-1'])
  })

  it('waits for a day unless told otherwise', { timeout: 60_000 }, async () => {
    const handle = await engine.workflows.start(approval, { workflowId: 'day', args: [request] })
    let waitsMs = 0
    // It is shown once the worker has laid the execution down to wait.
    while (!(waitsMs > 10_000)) {
      await setImmediate()
      const { startTime, wakeTime } = await handle.describe()
      waitsMs = Number(wakeTime) - Number(startTime)
    }
    assert.ok(waitsMs >= 86_400_000 && waitsMs < 86_460_000, `${waitsMs} ms`)
    await handle.signal(approve)
    await handle.result()
  })

  it('prints the three outcomes when it is run', () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts')], { encoding: 'utf8' })
    assert.match(printed, /laptop approved\? false/)
    assert.match(printed, /laptop: .*'approved'/)
    assert.match(printed, /yacht: .*'rejected'/)
    assert.match(printed, /why not\? no mooring/)
    assert.match(printed, /trip: .*'timeout'/)
  })
})
