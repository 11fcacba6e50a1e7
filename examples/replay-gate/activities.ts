export async function reserve(item: string): Promise<string> {
  return `${item} is reserved`
}

export async function ship(item: string): Promise<string> {
  return `${item} is sent`
}

export async function weigh(item: string): Promise<number> {
  return item.length
}
