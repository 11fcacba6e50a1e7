import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Order } from './order.ts'

export function readOrders(): Order[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'orders.json'), 'utf8')) as Order[]
}
