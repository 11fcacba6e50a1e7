import { AsyncLocalStorage } from 'node:async_hooks'

/** For whom this activity works: whoever made the first call said it, and no argument carries it. */
export const customer = new AsyncLocalStorage<string>()

export async function greet(): Promise<string> {
  return `Hello, ${customer.getStore() ?? 'stranger'}`
}
