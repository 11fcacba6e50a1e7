/** One record of a dataset: `date,shop,customer,sku,quantity,price`. */

export interface Sale {
  readonly date: string
  readonly shop: string
  readonly customer: string
  readonly sku: string
  readonly quantity: number
  readonly priceCents: number
}

/** A sale, or what is wrong with the line. */
export type ParsedSale = { readonly ok: true; readonly sale: Sale } | { readonly ok: false; readonly problem: string }

export function parseSale(line: string): ParsedSale {
  const fields = line.split(',')
  const [date = '', shop = '', customer = '', sku = '', quantity = '', price = ''] = fields
  if (fields.length !== 6) return { ok: false, problem: 'not six fields' }
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) return { ok: false, problem: 'no date' }
  if (!/^[^@]+@[^@]+$/.test(customer)) return { ok: false, problem: 'no customer' }
  if (!/^[1-9]\d*$/.test(quantity)) return { ok: false, problem: 'no quantity' }
  if (!/^\d+\.\d\d$/.test(price)) return { ok: false, problem: 'no price' }
  return { ok: true, sale: { date, shop, customer, sku, quantity: Number(quantity), priceCents: Math.round(Number(price) * 100) } }
}
