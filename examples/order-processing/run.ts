/** Processes orders.json in this process: `npx node examples/order-processing/run.ts`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import { readEffects } from './effect-log.ts'
import type { OrderOutcome } from './order.ts'
import { readOrders } from './order-file.ts'
import * as workflows from './workflows.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-orders-'))
const log = process.env['ORDERS_LOG'] ??= join(folder, 'effects.jsonl')

const engine = await Engine.open({ database: join(folder, 'orders.db') })
engine.workflows.register(workflows)
engine.activities.register(activities)
await engine.start()

const orders = readOrders()
const startedAt = performance.now()
const outcomes = await Promise.all(orders.map((order): Promise<OrderOutcome> => {
  return engine.workflows.execute(workflows.orderProcessing, { workflowId: `order-${order.order_id}`, args: [order] })
}))
const seconds = (performance.now() - startedAt) / 1_000
await engine.stop()

const refunded = outcomes.filter((outcome) => outcome.status === 'refunded')
const effects = readEffects(log)
console.log(`${orders.length} orders in ${seconds.toFixed(1)} s`)
console.log(`${outcomes.length - refunded.length} completed, ${refunded.length} refunded`)
console.log(`${effects.length} calls of providers, ${effects.filter((effect) => effect.outcome === 'refused').length} of them refused`)
for (const outcome of refunded.slice(0, 3)) console.log(`  ${outcome.orderId}: refunded, ${outcome.reason}`)
if (refunded.length > 3) console.log(`  ... and ${refunded.length - 3} more`)
rmSync(folder, { recursive: true })
