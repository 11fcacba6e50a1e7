import { condition, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'

const { charge } = proxyActivities<{ charge(amount: number): Promise<string> }>({ startToCloseTimeout: '1 minute' })

export const proceed = defineSignal('proceed')

export async function chargeOrder(amount: number): Promise<string> {
  return charge(amount)
}

export async function chargeAfterSignal(amount: number): Promise<string> {
  let proceeding = false
  setHandler(proceed, () => {
    proceeding = true
  })
  await condition(() => proceeding)
  return charge(amount)
}

export async function returned(value: unknown): Promise<unknown> {
  return value
}
