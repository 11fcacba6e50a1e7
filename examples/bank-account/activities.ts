/** A bank that keeps balances by account, and can do nothing but read and write them. */
export type Balances = Map<string, number>

export function createActivities(balances: Balances) {
  return {
    readBalance: async (account: string): Promise<number> => balances.get(account) ?? 0,
    writeBalance: async (account: string, cents: number): Promise<number> => {
      balances.set(account, cents)
      return cents
    },
  }
}
