/** The checks of the crash runs find what they are for. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventRecord } from '@perdure/engine'
import type { StepLine } from './activities.ts'
import { checkMixed, checkPrefix, checkSteps } from './checks.ts'
import { stepNames } from './mixed-workflows.ts'

const names = ['1', '2', '3', '4', '5', 'once', '7', '8', '9', '10']
const ran = (step: string, attempt = 1, token = `${step}-${attempt}`): StepLine => (
  { workflowId: 'order', runId: 'run', step, attempt, pid: 1, token }
)
const lines = names.map((name) => ran(name))
const tokens = lines.map((line) => line.token)
const changing = (changed: string) => tokens.map((token) => (token === changed.split(' ')[0] ? changed.split(' ')[1] ?? '' : token))

describe('checks of a crash run', () => {
  test('a run without a kill, and one whose steps were cut off and repeated, are right', () => {
    checkSteps({ tokens, once: 'completed' }, lines)
    checkSteps({ tokens: changing('3-1 3-2'), once: 'completed' }, [...lines.slice(0, 3), ran('3', 2), ...lines.slice(3)])
    checkSteps({ tokens: changing('once-1 good'), once: 'lost' }, [...lines.slice(0, 6), ran('made good', 1, 'good'), ...lines.slice(6)])
  })

  test('a step that ran again after its result was recorded is found', () => {
    assert.throws(() => checkSteps({ tokens, once: 'completed' }, [...lines, ran('3', 2)]))
  })

  test('a result that no execution of the step returned is found', () => {
    assert.throws(() => checkSteps({ tokens: changing('3-1 other'), once: 'completed' }, lines))
  })

  test('a step that ran twice as the same attempt is found', () => {
    assert.throws(() => checkSteps({ tokens: changing('3-1 again'), once: 'completed' }, [...lines, ran('3', 1, 'again')]), /made twice/)
  })

  test('a frozen worker that tells late of an attempt that is over is right', () => {
    checkSteps({ tokens: changing('3-1 3-2'), once: 'completed' }, [...lines.filter(({ step }) => step !== '3'), ran('3', 2), ran('3', 1)])
  })

  test('a step that may run once and ran twice is found', () => {
    assert.throws(() => checkSteps({ tokens: changing('once-1 once-2'), once: 'completed' }, [...lines, ran('once', 2)]), /at most once/)
  })

  test('a step made good for without need is found', () => {
    assert.throws(() => checkSteps({ tokens, once: 'completed' }, [...lines, ran('made good')]))
  })

  test('of plain steps and notes: a note that is lost, came too often, in another order, or from nobody, is found', () => {
    const mixed = stepNames.map((name) => ran(name))
    const own = mixed.map(({ token }) => token)
    const sent = new Map([['a', 1], ['b', 2], ['c', 1]])
    const check = (notes: readonly string[]) => checkMixed({ tokens: own, notes }, mixed, sent)
    for (const notes of [['a', 'b', 'c'], ['a', 'b', 'b', 'c'], ['a', 'b', 'c', 'b']]) check(notes)
    checkMixed({ tokens: own, notes: [] }, mixed, new Map())
    assert.throws(() => check(['a', 'b']), /'c' was sent 1 times and came 0/)
    assert.throws(() => check(['a', 'a', 'b', 'c']), /'a' was sent 1 times and came 2/)
    assert.throws(() => check(['b', 'a', 'c']), /another order/)
    assert.throws(() => check(['a', 'b', 'c', 'd']), /nobody sent/)
    assert.throws(() => checkMixed({ tokens: own.toReversed(), notes: [] }, mixed, new Map()))
    assert.throws(() => checkMixed({ tokens: own, notes: [] }, [...mixed, ran('1', 2)], new Map()))
  })

  test('a lost, a changed and a doubled event are found', () => {
    const event = (seq: number, data = '{}'): EventRecord => ({ seq, type: 'TimerFired', at: 1, data })
    checkPrefix([event(1)], [event(1), event(2)])
    assert.throws(() => checkPrefix([event(1), event(2)], [event(1)]), /lost or changed/)
    assert.throws(() => checkPrefix([event(1)], [event(1, '[]'), event(2)]), /lost or changed/)
    assert.throws(() => checkPrefix([event(1)], [event(1), event(1)]), /gaps/)
  })
})
