/** Writes orders.json: `npx node examples/order-processing/generate-orders.ts`. The same orders every time. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Order, OrderItem } from './order.ts'

const catalogue: readonly (readonly [sku: string, price: number])[] = [
  ['chair-oak', 129], ['chair-ash', 119], ['table-oak', 549], ['table-walnut', 689], ['shelf-pine', 89.5], ['shelf-steel', 74.9],
  ['desk-birch', 329], ['lamp-brass', 79.9], ['lamp-paper', 34.5], ['lamp-desk', 42], ['rug-berber', 219], ['rug-jute', 99],
  ['kettle-steel', 45.9], ['kettle-blue', 48.9], ['mug-set-4', 28], ['plate-set-6', 54], ['bowl-stone', 19.5], ['vase-glass', 24],
  ['throw-wool', 64], ['cushion-linen', 29.9], ['mirror-round', 112], ['clock-wall', 38], ['basket-willow', 31], ['stool-beech', 59],
]
const firstNames = [
  'amara', 'bruno', 'chloe', 'dmitri', 'elena', 'farid', 'greta', 'hiro', 'ines', 'jonas', 'kavya', 'liam', 'mei', 'noor', 'otto',
]
const lastNames = ['alvarez', 'becker', 'costa', 'dubois', 'eriksen', 'fischer', 'gupta', 'haddad', 'ito', 'jansen', 'kowalski', 'lindgren']

const random = seeded(20_240)
const orders = Array.from({ length: 300 }, (_, index) => orderNumbered(index + 1))
writeFileSync(join(import.meta.dirname, 'orders.json'), `[\n${orders.map((order) => `  ${JSON.stringify(order)}`).join(',\n')}\n]\n`)

function orderNumbered(number: number): Order {
  const user = `${pick(firstNames)}.${pick(lastNames)}`
  const skus = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(catalogue)))
  const items = [...skus].map(([sku, price]): OrderItem => ({ sku, quantity: 1 + Math.floor(random() * random() * 5), price }))
  const cents = items.reduce((sum, item) => sum + item.quantity * Math.round(item.price * 100), 0)
  return { order_id: `ord-${String(number).padStart(4, '0')}`, user_id: user, email: `${user}@example.com`, items, total: cents / 100 }
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T
}

/** A linear congruential generator; the constants are those of Numerical Recipes. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
