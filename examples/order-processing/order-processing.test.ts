import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import { type Effect, readEffects } from './effect-log.ts'
import { readOrders } from './order-file.ts'
import type { Order, OrderOutcome } from './order.ts'
import * as workflows from './workflows.ts'

/** What the input says must happen, found without the activities' code. */
const unavailable = ['lamp-brass', 'rug-berber']
const orders = readOrders()
const isInStock = (order: Order) => !order.items.some((item) => unavailable.includes(item.sku))
const numberOf = (order: Order) => Number(order.order_id.slice('ord-'.length))

function attemptsExpected(order: Order): string[] {
  const n = numberOf(order)
  const times = (kind: string, refused: number, done: boolean) => [
    ...Array.from({ length: refused }, (_, index) => `${kind}/${index + 1} refused`), ...(done ? [`${kind}/${refused + 1} done`] : []),
  ]
  const charge = times('charge', n % 10 === 3 ? 1 : 0, true)
  if (!isInStock(order)) return [...charge, 'reserve/1 refused', 'refund/1 done']
  return [...charge, ...times('reserve', n % 15 === 7 ? 2 : 0, true), ...times('confirm', n % 25 === 5 ? 1 : 0, true)]
}

describe('order processing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-order-processing-'))
  const log = join(folder, 'effects.jsonl')
  const outcomes = new Map<string, OrderOutcome>()
  let effects: Effect[] = []
  let engine: Engine

  before(async () => {
    process.env['ORDERS_LOG'] = log
    process.env['ORDERS_PACE_MS'] = '0'
    engine = await Engine.open({ database: join(folder, 'orders.db') })
    engine.workflows.register(workflows)
    engine.activities.register(activities)
    await engine.start()
    await Promise.all(orders.map(async (order) => {
      const options = { workflowId: `order-${order.order_id}`, args: [order] as [Order] }
      outcomes.set(order.order_id, await engine.workflows.execute(workflows.orderProcessing, options))
    }))
    effects = readEffects(log)
  })

  after(async () => {
    await engine.stop()
    rmSync(folder, { recursive: true })
  })

  it('has an input of 300 orders whose totals are the sums of their items, some of them out of stock', () => {
    assert.equal(new Set(orders.map((order) => order.order_id)).size, 300)
    for (const order of orders) {
      const cents = order.items.reduce((sum, item) => sum + item.quantity * Math.round(item.price * 100), 0)
      assert.equal(Math.round(order.total * 100), cents, order.order_id)
    }
    assert.equal(orders.filter((order) => !isInStock(order)).length, 34)
  })

  it('completes what is in stock and refunds the rest, saying why', () => {
    for (const order of orders) {
      const outcome = outcomes.get(order.order_id)
      assert.equal(outcome?.status, isInStock(order) ? 'completed' : 'refunded', order.order_id)
      if (outcome?.status === 'refunded') assert.match(outcome.reason, /^(lamp-brass|rug-berber) is out of stock$/)
    }
  })

  it('calls the providers as often as they refuse, once more, and in the order of the workflow', () => {
    for (const order of orders) {
      const calls = effects.filter((effect) => effect.orderId === order.order_id)
      assert.deepEqual(calls.map((call) => `${call.kind}/${call.attempt} ${call.outcome}`), attemptsExpected(order), order.order_id)
    }
  })

  it('charges the total of the order, and gives back as much', () => {
    for (const order of orders) {
      const money = effects.filter((effect) => effect.orderId === order.order_id && effect.amount !== undefined)
      assert.deepEqual(money.map(({ kind, amount }) => [kind, amount]),
        isInStock(order) ? [['charge', order.total]] : [['charge', order.total], ['refund', order.total]])
    }
  })

  it('returns what the providers answered', () => {
    for (const order of orders) {
      const outcome = outcomes.get(order.order_id)
      const done = effects.filter((each) => each.orderId === order.order_id && each.outcome === 'done')
      const idOf = (kind: string) => done.find((each) => each.kind === kind)?.effectId
      assert.equal(outcome?.transactionId, idOf('charge'))
      if (outcome?.status === 'completed') assert.deepEqual([outcome.reservationId, outcome.messageId], [idOf('reserve'), idOf('confirm')])
      else assert.equal(outcome?.refundId, idOf('refund'))
    }
  })

  it('prints a summary when it is run', () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts')], {
      encoding: 'utf8', env: { ...process.env, ORDERS_LOG: join(folder, 'run.jsonl') },
    })
    assert.match(printed, /^300 orders in \d+\.\d s$/m)
    assert.match(printed, /^266 completed, 34 refunded$/m)
  })
})
