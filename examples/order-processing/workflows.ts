import { ActivityFailure, log, proxyActivities, rootCause } from 'perdure/workflow'
import type * as activities from './activities.ts'
import type { Order, OrderOutcome } from './order.ts'

// Intervals are short so that the example is quick to watch; '1 second' is what a real payment provider deserves.
const { chargePayment } = proxyActivities<typeof activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '100 ms', maximumAttempts: 3 },
})
const { reserveInventory } = proxyActivities<typeof activities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '50 ms', maximumAttempts: 5, nonRetryableErrorTypes: ['OutOfStock'] },
})
// No limit on attempts: a customer who paid is told, and money that is owed goes back.
const { sendConfirmation, refundPayment } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '50 ms', maximumInterval: '1 second' },
})

/** Charges, reserves and confirms an order; gives the money back when the goods cannot be had. */
export async function orderProcessing(order: Order): Promise<OrderOutcome> {
  const orderId = order.order_id
  const { transactionId } = await chargePayment(order)
  try {
    const { reservationId } = await reserveInventory(order)
    const { messageId } = await sendConfirmation(order)
    return { status: 'completed', orderId, transactionId, reservationId, messageId }
  } catch (error) {
    if (!(error instanceof ActivityFailure && error.activityType === 'reserveInventory')) throw error
    const reason = rootCause(error) ?? error.message
    log.info('Reservation failed for good; refunding', { orderId, reason })
    const { refundId } = await refundPayment(order, transactionId)
    return { status: 'refunded', orderId, transactionId, refundId, reason }
  }
}
