import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asRunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { record } from '../../test/execution-driver.ts'
import { commitUnit, mergeUnits, unitBytes, unitTransition } from './commit-unit.ts'
import { ownedExecution } from './owned-execution.ts'

describe('a unit of a commit', () => {
  const owned = ownedExecution({ ...record, runId: asRunId('r') }, 0)
  const unitOf = (seq: number) => {
    const unit = commitUnit(owned)
    unit.events.push({ seq, type: 'TimerFired', at: 0, data: 'data' })
    unit.consumed.push(seq)
    unit.cancelTasks.push(seq)
    unit.dropTasks.push(seq)
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
    const { events, consumed, cancelTasks, dropTasks, close, release, resetTakeovers, runId } = unitTransition(merged)
    assert.deepEqual(events.map(({ seq }) => seq), [1, 2])
    assert.deepEqual({ consumed, cancelTasks, dropTasks }, { consumed: [1, 2], cancelTasks: [1, 2], dropTasks: [1, 2] })
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

  test('its bytes grow with its events, its tasks and its result', () => {
    const unit = unitOf(1)
    const before = unitBytes(unit)
    unit.events.push({ seq: 2, type: 'TimerFired', at: 0, data: 'x'.repeat(1_000) })
    unit.close = { status: 'COMPLETED', result: 'y'.repeat(500) as Payload, failure: null, at: 0 }
    assert.equal(unitBytes(unit) - before, 1_500)
  })
})
