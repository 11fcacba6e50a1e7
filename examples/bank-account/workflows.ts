import { condition, defineQuery, defineSignal, proxyActivities, Semaphore, setHandler } from 'perdure/workflow'
import type { createActivities } from './activities.ts'

export const deposit = defineSignal<[cents: number]>('deposit')
export const withdraw = defineSignal<[cents: number]>('withdraw')
export const close = defineSignal('close')
export const getBalance = defineQuery<number>('getBalance')

const { readBalance, writeBalance } = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '10 seconds' })

/**
 * Keeps an account whose balance lies elsewhere. Signals come while others are still being handled; each reads the balance
 * and writes it again, so one at a time is let in: without the lock, what two of them add would count once.
 */
export async function bankAccount(account: string): Promise<number> {
  const lock = new Semaphore(1)
  let balance = 0
  let isClosed = false
  const change = (cents: number): Promise<void> => lock.run(async () => {
    const before = await readBalance(account)
    if (before + cents < 0) return
    balance = await writeBalance(account, before + cents)
  })
  setHandler(getBalance, () => balance)
  setHandler(close, () => {
    isClosed = true
  })
  setHandler(deposit, change)
  setHandler(withdraw, (cents) => change(-cents))
  await condition(() => isClosed && lock.running === 0 && lock.waiting === 0)
  return balance
}
