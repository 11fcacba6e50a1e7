import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { record } from '../../../test/execution-driver.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import { asRunId } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { MessageTarget, StartRecord } from '../../protocol/transition.ts'
import { commitUnit, mergeUnits, unitBytes, unitTransition } from './commit-unit.ts'
import { type CommitUnit, ownedExecution } from './owned-execution.ts'

describe('a unit of a commit', () => {
  const owned = ownedExecution({ ...record, runId: asRunId('r') }, 0)
  const unitOf = (seq: number) => {
    const unit = commitUnit(owned)
    unit.events.push({ seq, type: 'TimerFired', at: 0, data: 'data' })
    unit.consumed.push(seq)
    unit.cancelTasks.push(seq)
    return unit
  }

  test('put back in front of what gathered since, everything keeps its order', () => {
    const ran: string[] = []
    const [older, newer] = [unitOf(1), unitOf(2)]
    older.effects.push(() => ran.push('older'))
    newer.effects.push(() => ran.push('newer'))
    older.undo.push(() => ran.push('undo older'))
    newer.undo.push(() => ran.push('undo newer'))
    newer.resetTakeovers = true
    newer.close = { status: 'COMPLETED', result: null, failure: null, at: 9 }
    const merged = mergeUnits(older, newer)
    const { events, consumed, cancelTasks, close, release, resetTakeovers, runId } = unitTransition(merged)
    assert.deepEqual(events.map(({ seq }) => seq), [1, 2])
    assert.deepEqual({ consumed, cancelTasks }, { consumed: [1, 2], cancelTasks: [1, 2] })
    assert.deepEqual({ status: close?.status, release, resetTakeovers, runId },
      { status: 'COMPLETED', release: null, resetTakeovers: true, runId: 'r' })
    for (const run of [...merged.effects, ...merged.undo]) run()
    assert.deepEqual(ran, ['older', 'newer', 'undo older', 'undo newer'])
    assert.equal(merged.queued, false)
  })

  test('a close or release that was refused stays when nothing newer replaces it', () => {
    const older = unitOf(1)
    older.release = { wakeAt: 7, held: null }
    assert.deepEqual(mergeUnits(older, unitOf(2)).release, { wakeAt: 7, held: null })
  })

  test('its bytes are those of all that is sent: of a child the input in its start and in both answers', () => {
    const input = `["${'ü'.repeat(500)}"]` as Payload
    const text = { type: 'T', data: `{"command":1}\n${input}` }
    const start = { workflowId: 'child', input, memo: null, searchAttributes: null } as unknown as StartRecord
    const message = { type: 'message', command: 2, to: {} as MessageTarget, message: text, done: text, refused: text } as const
    for (const request of [{ type: 'start', command: 1, start, done: text, refused: text }, message] as const) {
      const unit = commitUnit(owned)
      const before = unitBytes(unit)
      unit.outgoing.push(request)
      const grown = unitBytes(unit) - before
      const sent = Buffer.byteLength(JSON.stringify(request))
      assert.ok(grown >= 3 * Buffer.byteLength(input) && grown >= 0.9 * sent && grown <= 1.2 * sent, `${grown} of ${sent}`)
    }
  })

  test('its bytes grow with whatever is stored', () => {
    const long = 'x'.repeat(1_000) as Payload
    const task = { input: '[]', options: '{}', lastFailure: null, heartbeatDetails: null } as unknown as ActivityTask
    const update = { updateId: 'u', stage: 'completed', result: null, failure: null } as const
    const close = { status: 'FAILED', result: null, failure: null, at: 0 } as const
    const next = { workflowId: 'w', input: '[]' as Payload, memo: null, searchAttributes: null } as unknown as StartRecord
    const held = { code: 'task_failure', reason: '', buildId: 'b', count: 1, spent: false } as const
    const link = { details: null, messages: [] } as unknown as NonNullable<StartRecord['link']>
    const growing: readonly (readonly [(unit: CommitUnit) => void, (unit: CommitUnit) => void])[] = [
      [(unit) => unit.tasks.push(task), (unit) => unit.tasks.push({ ...task, options: long })],
      [(unit) => unit.tasks.push(task), (unit) => unit.tasks.push({ ...task, lastFailure: long })],
      [(unit) => unit.tasks.push(task), (unit) => unit.tasks.push({ ...task, heartbeatDetails: long })],
      [(unit) => unit.updates.push(update), (unit) => unit.updates.push({ ...update, result: long })],
      [(unit) => { unit.upsert = {} }, (unit) => { unit.upsert = { memo: long } }],
      [(unit) => { unit.upsert = {} }, (unit) => { unit.upsert = { details: long } }],
      [(unit) => { unit.close = close }, (unit) => { unit.close = { ...close, failure: long } }],
      [(unit) => { unit.close = { ...close, next } }, (unit) => { unit.close = { ...close, next: { ...next, memo: long } } }],
      [(unit) => { unit.close = { ...close, next } }, (unit) => {
        unit.close = { ...close, next: { ...next, link: { ...link, details: long } } }
      }],
      [(unit) => { unit.release = { wakeAt: 1, held } }, (unit) => { unit.release = { wakeAt: 1, held: { ...held, reason: long } } }],
    ]
    for (const [index, [small, large]] of growing.entries()) {
      const [few, many] = [commitUnit(owned), commitUnit(owned)]
      small(few)
      large(many)
      assert.ok(unitBytes(many) - unitBytes(few) >= 998, `${index}`)
    }
  })

  test('its bytes grow with its events, its tasks and its result', () => {
    const unit = unitOf(1)
    const before = unitBytes(unit)
    unit.events.push({ seq: 2, type: 'TimerFired', at: 0, data: 'x'.repeat(1_000) })
    unit.close = { status: 'COMPLETED', result: 'y'.repeat(500) as Payload, failure: null, at: 0 }
    assert.equal(unitBytes(unit) - before, 1_500)
  })
})
