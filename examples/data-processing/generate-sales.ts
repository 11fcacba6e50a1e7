/** Writes sales.csv: `npx node examples/data-processing/generate-sales.ts`. The same sales every time, about one in thirty unusable. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const shops = ['harbour', 'market', 'station', 'castle']
const goods: readonly (readonly [sku: string, cents: number])[] = [
  ['mug-set-4', 2_800], ['bowl-stone', 1_950], ['lamp-paper', 3_450], ['throw-wool', 6_400], ['clock-wall', 3_800], ['stool-beech', 5_900],
]
const firstNames = ['amara', 'bruno', 'chloe', 'dmitri', 'elena', 'farid', 'greta', 'hiro', 'ines', 'jonas', 'kavya', 'liam']
const lastNames = ['alvarez', 'becker', 'costa', 'dubois', 'eriksen', 'fischer', 'gupta', 'haddad', 'ito', 'jansen']
/** What goes wrong on the way from a till to a file. */
const damages: readonly ((fields: string[]) => string[])[] = [
  (fields) => fields.slice(0, 4),
  ([, ...fields]) => ['2026-13-05', ...fields],
  ([date = '', shop = '', , ...fields]) => [date, shop, 'unknown', ...fields],
  ([date = '', shop = '', customer = '', sku = '', , price = '']) => [date, shop, customer, sku, '0', price],
  (fields) => [...fields.slice(0, 5), 'n/a'],
]

const random = seeded(7_311)
const lines = Array.from({ length: 2_000 }, () => {
  const fields = sale()
  return (random() < 1 / 30 ? pick(damages)(fields) : fields).join(',')
})
writeFileSync(join(import.meta.dirname, 'sales.csv'), `${['date,shop,customer,sku,quantity,price', ...lines].join('\n')}\n`)

function sale(): string[] {
  const [sku, cents] = pick(goods)
  const day = new Date(Date.UTC(2026, 0, 1 + Math.floor(random() * 180))).toISOString().slice(0, 10)
  const customer = `${pick(firstNames)}.${pick(lastNames)}@example.com`
  return [day, pick(shops), customer, sku, String(1 + Math.floor(random() * random() * 6)), (cents / 100).toFixed(2)]
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
