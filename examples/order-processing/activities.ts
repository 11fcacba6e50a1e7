/**
 * Stand-ins for a payment provider, a warehouse and a mail service. They decide by the order and the attempt alone, so that
 * every run of the example goes the same way, and they write what they did to the effect log.
 */
import { activityInfo, ApplicationFailure, sleep } from 'perdure/activity'
import { appendEffect, type EffectKind } from './effect-log.ts'
import type { Order } from './order.ts'

export async function chargePayment(order: Order): Promise<{ transactionId: string }> {
  const declinesFirst = orderNumber(order) % 10 === 3 ? 1 : 0
  return { transactionId: await callProvider(order, 'charge', 'txn', declinesFirst, order.total) }
}

export async function reserveInventory(order: Order): Promise<{ reservationId: string }> {
  const missing = order.items.find((item) => outOfStock.has(item.sku))
  if (missing !== undefined) {
    await answer(order)
    refuse(order, 'reserve')
    throw ApplicationFailure.create({ message: `${missing.sku} is out of stock`, type: 'OutOfStock' })
  }
  const timesOutFirst = orderNumber(order) % 15 === 7 ? 2 : 0
  return { reservationId: await callProvider(order, 'reserve', 'res', timesOutFirst) }
}

export async function sendConfirmation(order: Order): Promise<{ messageId: string }> {
  const bouncesFirst = orderNumber(order) % 25 === 5 ? 1 : 0
  return { messageId: await callProvider(order, 'confirm', 'msg', bouncesFirst) }
}

export async function refundPayment(order: Order, _transactionId: string): Promise<{ refundId: string }> {
  return { refundId: await callProvider(order, 'refund', 'ref', 0, order.total) }
}

const outOfStock: ReadonlySet<string> = new Set(['lamp-brass', 'rug-berber'])

/** A real provider is given a key such as `${order_id}/${kind}` and does nothing when it sees it again; this one counts. */
async function callProvider(order: Order, kind: EffectKind, prefix: string, failsFirst: number, amount?: number): Promise<string> {
  const { attempt } = activityInfo()
  await answer(order)
  if (attempt <= failsFirst) {
    refuse(order, kind)
    throw ApplicationFailure.retryable(`${kind} of ${order.order_id}: the provider did not answer`, 'ProviderUnavailable')
  }
  const effectId = `${prefix}-${order.order_id}-${attempt}`
  appendEffect({ orderId: order.order_id, kind, attempt, outcome: 'done', effectId, ...(amount === undefined ? {} : { amount }) })
  // Done, and not yet known to be done: a worker that dies here leaves an effect that will be repeated.
  await answer(order)
  return effectId
}

function refuse(order: Order, kind: EffectKind): void {
  appendEffect({ orderId: order.order_id, kind, attempt: activityInfo().attempt, outcome: 'refused' })
}

/** Time on the wire, one way. */
async function answer(order: Order): Promise<void> {
  const paceMs = Number(process.env['ORDERS_PACE_MS'] ?? 2)
  await sleep(paceMs + (orderNumber(order) * 7) % (paceMs + 1))
}

function orderNumber(order: Order): number {
  return Number(order.order_id.replace(/\D/g, ''))
}
