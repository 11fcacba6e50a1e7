/** Money that is moved: a workflow, and a bank whose activities are, or are not, safe to be made twice. */
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'

export interface Transfer {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly amount: number
}

interface BankActivities {
  withdraw(transfer: Transfer): Promise<void>
  deposit(transfer: Transfer): Promise<void>
}

const { withdraw, deposit } = proxyActivities<BankActivities>({ startToCloseTimeout: '1 minute' })

export const confirm = defineSignal<[by: string]>('confirm')

export async function transfer(given: Transfer): Promise<string> {
  await withdraw(given)
  await sleep('1 day')
  await deposit(given)
  return `moved ${given.amount}`
}

/** Waits for two people, or thirty days. */
export async function confirmedTransfer(given: Transfer): Promise<string> {
  const confirmed: string[] = []
  setHandler(confirm, (by) => void confirmed.push(by))
  if (!await condition(() => confirmed.length >= 2, '30 days')) return 'not confirmed'
  await transfer(given)
  return confirmed.join(' and ')
}

export class Bank {
  readonly accounts: Record<string, number>
  readonly #done = new Set<string>()

  constructor(accounts: Record<string, number>) {
    this.accounts = accounts
  }

  total(): number {
    return Object.values(this.accounts).reduce((sum, amount) => sum + amount, 0)
  }

  /** As often as it is called. */
  careless(): BankActivities {
    return {
      withdraw: async ({ from, amount }) => this.#add(from, -amount),
      deposit: async ({ to, amount }) => this.#add(to, amount),
    }
  }

  /** Once for each transfer. */
  careful(): BankActivities {
    const once = (key: string, work: () => void): void => {
      if (this.#done.has(key)) return
      this.#done.add(key)
      work()
    }
    return {
      withdraw: async ({ id, from, amount }) => once(`withdraw ${id}`, () => this.#add(from, -amount)),
      deposit: async ({ id, to, amount }) => once(`deposit ${id}`, () => this.#add(to, amount)),
    }
  }

  #add(name: string, amount: number): void {
    this.accounts[name] = (this.accounts[name] ?? 0) + amount
  }
}
