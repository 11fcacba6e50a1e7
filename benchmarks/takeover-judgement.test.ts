import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StepRun } from './step-log.ts'
import { judgeTakeover } from './takeover-judgement.ts'

const killed = { pid: 1, at: 1_000 }

function run(at: number, pid: number, wf: string, step: number): StepRun {
  return { at, pid, wf, step }
}

const end = [run(100, 2, 'other', 0), run(101, 2, 'other', 1), run(102, 2, 'other', 2)]

test('the takeover is the first step that the living worker runs of a workflow of the dead one', () => {
  const runs = [...end, run(900, 1, 'a', 0), run(950, 1, 'b', 0), run(1_100, 2, 'c', 0), run(3_000, 2, 'a', 1), run(4_000, 2, 'b', 1)]
  assert.deepEqual(judgeTakeover(runs, killed), { takeover: 2, takeoverAll: 3, twice: 0, unexpected: 0 })
})

test('a workflow that stays behind is told', () => {
  const runs = [...end, run(900, 1, 'a', 0), run(950, 1, 'b', 0), run(3_000, 2, 'a', 1)]
  assert.deepEqual(judgeTakeover(runs, killed), { takeover: 2, takeoverAll: null, twice: 0, unexpected: 0 })
  assert.equal(judgeTakeover(runs.slice(0, -1), killed).takeover, null)
})

test('a step in flight at the kill may run twice', () => {
  const runs = [...end, run(900, 1, 'a', 0), run(950, 1, 'a', 1), run(3_000, 2, 'a', 1), run(3_001, 2, 'a', 2)]
  assert.deepEqual(judgeTakeover(runs, killed), { takeover: 2, takeoverAll: 2, twice: 1, unexpected: 0 })
})

test('a step from which the dead worker had gone on, or that the living one repeats, is unexpected', () => {
  const gone = [...end, run(900, 1, 'a', 0), run(950, 1, 'a', 1), run(3_000, 2, 'a', 0)]
  assert.equal(judgeTakeover(gone, killed).unexpected, 1)
  const repeated = [...end, run(900, 1, 'a', 0), run(3_000, 2, 'a', 1), run(3_100, 2, 'a', 1)]
  assert.equal(judgeTakeover(repeated, killed).unexpected, 1)
  const thrice = [...end, run(950, 1, 'a', 1), run(3_000, 2, 'a', 1), run(3_100, 2, 'a', 1)]
  assert.deepEqual([judgeTakeover(thrice, killed).twice, judgeTakeover(thrice, killed).unexpected], [2, 1])
})
