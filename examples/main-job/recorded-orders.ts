/** What the database says about the orders. */
import type { Engine } from 'perdure'
import type { EffectKind } from '../order-processing/effect-log.ts'
import type { OrderOutcome } from '../order-processing/order.ts'
import type { RecordedEffect, RecordedOrder } from './verification.ts'

const kinds: Readonly<Record<string, EffectKind>> = {
  chargePayment: 'charge', reserveInventory: 'reserve', sendConfirmation: 'confirm', refundPayment: 'refund',
}

export const workflowIdOf = (orderId: string) => `order-${orderId}`

/** All executions of the workflow, with the results of their activities from their histories. */
export async function readRecordedOrders(engine: Engine): Promise<RecordedOrder[]> {
  const recorded: RecordedOrder[] = []
  let cursor: string | undefined
  do {
    const page = await engine.workflows.list({ workflowType: 'orderProcessing', limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    for (const { workflowId, runId, status } of page.executions) {
      const effects = await readEffectsOf(engine, workflowId, runId)
      const orderId = workflowId.slice(workflowIdOf('').length)
      if (status !== 'COMPLETED') recorded.push({ orderId, status, effects })
      else recorded.push({ orderId, status, effects, outcome: await engine.workflows.getResult<OrderOutcome>(workflowId, { runId }) })
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return recorded
}

async function readEffectsOf(engine: Engine, workflowId: string, runId: string): Promise<RecordedEffect[]> {
  const history = await engine.workflows.history(workflowId, runId)
  const scheduled = new Map<number, string>()
  const effects: RecordedEffect[] = []
  for (const { eventId, eventType, attributes } of history) {
    if (eventType === 'ActivityTaskScheduled') scheduled.set(eventId, String(attributes['activityType']))
    if (eventType !== 'ActivityTaskCompleted') continue
    const kind = kinds[scheduled.get(Number(attributes['scheduledEventId'])) ?? '']
    if (kind === undefined) throw new Error(`${workflowId}: event ${eventId} completes an activity that its history does not know`)
    effects.push({ kind, effectId: onlyText(attributes['result']) })
  }
  return effects
}

/** Each activity returns an object with one id in it. */
function onlyText(result: unknown): string {
  const [id] = typeof result === 'object' && result !== null ? Object.values(result) : []
  return typeof id === 'string' ? id : JSON.stringify(result)
}
