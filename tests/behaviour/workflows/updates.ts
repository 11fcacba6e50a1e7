import {
  ApplicationFailure, condition, currentUpdateInfo, defineQuery, defineSignal, defineUpdate, proxyActivities, setHandler, sleep,
  workflowInfo,
} from 'perdure/workflow'

export const addUp = defineUpdate<number, [amount: number]>('addUp')
export const addSlowly = defineUpdate<number, [amount: number]>('addSlowly')
export const addNever = defineUpdate<void>('addNever')
export const refuseUpdate = defineUpdate<void>('refuseUpdate')
export const nameOfUpdate = defineUpdate<string>('nameOfUpdate')
export const payOut = defineUpdate<number>('payOut')
export const closeAccount = defineSignal('closeAccount')

/** An account that is updated until it is closed; its result is its balance. */
export async function account(opening = 0): Promise<number> {
  let balance = opening
  let isClosed = false
  setHandler(addUp, (amount) => balance += amount, {
    validator: (amount) => {
      if (balance + amount < 0) throw ApplicationFailure.create({ message: 'the account would be overdrawn', type: 'Overdrawn' })
    },
  })
  setHandler(addSlowly, async (amount) => {
    await sleep(1)
    return balance += amount
  })
  setHandler(addNever, () => condition(() => false).then(() => undefined))
  setHandler(refuseUpdate, () => {
    throw ApplicationFailure.create({ message: 'not on Sundays', type: 'Closed' })
  })
  setHandler(nameOfUpdate, () => {
    const info = currentUpdateInfo()
    return `${info?.name} ${info?.id}`
  })
  setHandler(payOut, async () => {
    isClosed = true
    return balance
  })
  setHandler(closeAccount, () => {
    isClosed = true
  })
  await condition(() => isClosed)
  return balance
}

/** Ends in the turn of its update. */
export async function endsByUpdate(): Promise<number> {
  let sum: number | undefined
  setHandler(addUp, (amount) => sum = amount + 1)
  await condition(() => sum !== undefined)
  return sum ?? 0
}

/** Which attempt of the chain it is that got so far. */
export async function failsUntil(attempt: number): Promise<number> {
  const info = workflowInfo()
  if (info.attempt < attempt) throw ApplicationFailure.create({ message: `attempt ${info.attempt}`, type: 'TooEarly' })
  return info.attempt
}

export async function sleepsLong(): Promise<void> {
  await sleep('1 hour')
}

/** Numbers that are no JSON, through an activity, an update and a query; their sum. */
export const handOver = defineUpdate<bigint, [value: bigint]>('handOver')
export const handedOver = defineQuery<bigint | undefined>('handedOver')

export async function passesOn(value: bigint): Promise<bigint> {
  let handed: bigint | undefined
  setHandler(handedOver, () => handed)
  setHandler(handOver, (given) => handed = given)
  const { same } = proxyActivities<{ same(given: bigint): Promise<bigint> }>({ startToCloseTimeout: '1 minute' })
  const sum = await same(value)
  await condition(() => handed !== undefined)
  return sum + (handed ?? 0n)
}

/** What the validator of an update knew of it; the other update has none. */
export async function validated(): Promise<string> {
  let known: string | undefined
  let isClosed = false
  setHandler(nameOfUpdate, () => known ?? 'nothing', {
    validator: () => {
      const info = currentUpdateInfo()
      known = `${info?.name} ${info?.id}`
    },
  })
  setHandler(payOut, () => 7)
  setHandler(closeAccount, () => {
    isClosed = true
  })
  await condition(() => isClosed)
  return known ?? 'nothing'
}
