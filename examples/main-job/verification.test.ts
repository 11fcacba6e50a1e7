import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Effect, EffectKind } from '../order-processing/effect-log.ts'
import type { Order } from '../order-processing/order.ts'
import { takeoverIn } from './takeover.ts'
import { type Evidence, type RecordedOrder, verify } from './verification.ts'

const order = (orderId: string): Order => ({ order_id: orderId, user_id: 'mei', email: 'mei@example.com', items: [], total: 12.5 })

function effect(orderId: string, kind: EffectKind, attempt = 1, worker = 'A', at = 0): Effect {
  const amount = kind === 'charge' || kind === 'refund' ? { amount: 12.5 } : {}
  const effectId = `${kind}-${orderId}-${attempt}`
  return { key: `${orderId}/${kind}/${attempt}`, orderId, kind, attempt, outcome: 'done', effectId, ...amount, worker, at }
}

function recordOf(orderId: string, ...effects: readonly Effect[]): RecordedOrder {
  const idOf = (kind: EffectKind) => effects.find((each) => each.kind === kind)?.effectId ?? ''
  const transactionId = idOf('charge')
  return {
    orderId, status: 'COMPLETED', effects: effects.map(({ kind, effectId = '' }) => ({ kind, effectId })),
    outcome: effects.some((each) => each.kind === 'refund')
      ? { status: 'refunded', orderId, transactionId, refundId: idOf('refund'), reason: 'out of stock' }
      : { status: 'completed', orderId, transactionId, reservationId: idOf('reserve'), messageId: idOf('confirm') },
  }
}

/** One order that was completed, one that was refunded. */
const bought = [effect('o1', 'charge'), effect('o1', 'reserve'), effect('o1', 'confirm')]
const returned = [effect('o2', 'charge'), effect('o2', 'refund')]
const sound: Evidence = {
  orders: [order('o1'), order('o2')],
  effects: [...bought, ...returned],
  recorded: [recordOf('o1', ...bought), recordOf('o2', ...returned)],
  recordedAtKill: [{ orderId: 'o1', status: 'RUNNING', effects: [{ kind: 'charge', effectId: 'charge-o1-1' }] }],
}
const problemsOf = (changed: Partial<Evidence>) => verify({ ...sound, ...changed }).problems

test('orders that were charged, reserved and confirmed, or refunded, as recorded have no problems', () => {
  assert.deepEqual(verify(sound), { problems: [], confirmed: 1, refunded: 1, lost: 0, unchanged: 1, repeated: [], refused: 0 })
})

test('a missing charge is found', () => {
  assert.deepEqual(problemsOf({ effects: sound.effects.filter((each) => each.key !== 'o1/charge/1') }),
    ['o1: charge charge-o1-1 is recorded, but was never done'])
})

test('a second confirmation after the recorded one is found', () => {
  assert.deepEqual(problemsOf({ effects: [...sound.effects, effect('o1', 'confirm', 2)] }),
    ['o1: confirm confirm-o1-2 (attempt 2) was done, but is not what is recorded'])
})

test('an attempt that ran twice is found', () => {
  assert.deepEqual(problemsOf({ effects: [...sound.effects, effect('o1', 'confirm')] }), ['o1/confirm/1: one attempt ran 2 times'])
})

test('an effect whose result was lost with its worker may be repeated by a later attempt, and is counted', () => {
  const again = effect('o1', 'reserve', 2, 'B')
  const [charge, reserve, confirm] = bought as [Effect, Effect, Effect]
  const verdict = verify({
    ...sound, effects: [...sound.effects, again], recorded: [recordOf('o1', charge, again, confirm), recordOf('o2', ...returned)],
  })
  assert.deepEqual(verdict.problems, [])
  assert.deepEqual(verdict.repeated, [reserve])
})

test('a confirmation of an order that was refunded is found', () => {
  assert.deepEqual(problemsOf({ effects: [...sound.effects, effect('o2', 'confirm')] }),
    ['o2: confirm confirm-o2-1 (attempt 1) was done, but is not what is recorded'])
})

test('a lost order is found and counted', () => {
  const verdict = verify({ ...sound, effects: [...returned], recorded: [recordOf('o2', ...returned)], recordedAtKill: [] })
  assert.deepEqual(verdict.problems, ['o1: lost, the database has no execution for it'])
  assert.equal(verdict.lost, 1)
})

test('an order that did not come to its end is found and counted', () => {
  const open: RecordedOrder = { orderId: 'o1', status: 'RUNNING', effects: [] }
  const verdict = verify({ ...sound, recorded: [open, recordOf('o2', ...returned)], effects: returned, recordedAtKill: [] })
  assert.deepEqual(verdict.problems, ['o1: its execution is RUNNING, not COMPLETED'])
  assert.equal(verdict.lost, 1)
})

test('two executions of one order are found', () => {
  assert.deepEqual(problemsOf({ recorded: [...sound.recorded, recordOf('o2', ...returned)] }), ['o2: 2 executions for one order'])
})

test('a result that changed after the kill is found', () => {
  const again = effect('o1', 'charge', 2)
  const [, reserve, confirm] = bought as [Effect, Effect, Effect]
  const recorded = [recordOf('o1', again, reserve, confirm), recordOf('o2', ...returned)]
  assert.deepEqual(problemsOf({ effects: [...sound.effects, again], recorded }),
    ['o1: charge charge-o1-1 was recorded before the kill, and is not any more'])
})

test('a history without a step that the result claims is found', () => {
  const record = recordOf('o1', ...bought)
  const recorded = [{ ...record, effects: record.effects.slice(0, 2) }, recordOf('o2', ...returned)]
  assert.deepEqual(problemsOf({ recorded, effects: [...bought.slice(0, 2), ...returned] }),
    ['o1: completed, but its history has charge, reserve; expected charge, confirm, reserve'])
})

test('a result that differs from the history is found', () => {
  const record = recordOf('o1', ...bought)
  const ids = { transactionId: 'forged', reservationId: 'reserve-o1-1', messageId: 'confirm-o1-1' }
  const forged: RecordedOrder = { ...record, outcome: { status: 'completed', orderId: 'o1', ...ids } }
  assert.deepEqual(problemsOf({ recorded: [forged, recordOf('o2', ...returned)] }),
    ['o1: its history has charge charge-o1-1, its result forged'])
})

test('a wrong amount is found', () => {
  const effects = sound.effects.map((each) => (each.key === 'o2/refund/1' ? { ...each, amount: 1 } : each))
  assert.deepEqual(problemsOf({ effects }), ['o2: refund of 1, the order says 12.5'])
})

test('an effect for an order that nobody placed is found', () => {
  assert.deepEqual(problemsOf({ effects: [...sound.effects, effect('o3', 'charge')] }), ['o3: not in the orders file'])
})

test('the takeover is measured on orders that were with the dead worker alone, not on those that any worker may go on with', () => {
  const refused: Effect = { ...effect('o2', 'charge', 1, 'A', 90), outcome: 'refused' }
  const effects = [
    effect('o1', 'charge', 1, 'A', 95), refused, effect('o3', 'charge', 1, 'B', 96), effect('o4', 'confirm', 1, 'A', 99),
    effect('o5', 'charge', 2, 'A', 99), effect('o5', 'reserve', 1, 'B', 105), effect('o2', 'charge', 2, 'B', 110),
    effect('o1', 'reserve', 1, 'B', 700),
  ]
  assert.deepEqual(takeoverIn(effects, 'A', 100), { leftBehind: ['o1'], continued: 1, firstAfterMs: 600, lastAfterMs: 600 })
  assert.deepEqual(takeoverIn(effects.slice(0, -1), 'A', 100), { leftBehind: ['o1'], continued: 0 })
})
