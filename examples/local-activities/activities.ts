/** Quick, and needs nothing from outside. */
export async function priceOf(item: string): Promise<number> {
  return item.length * 100
}

export async function pay(cents: number): Promise<string> {
  return `paid ${cents}`
}
