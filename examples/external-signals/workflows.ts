import { ApplicationFailure, condition, defineSignal, getExternalWorkflowHandle, setHandler, sleep, workflowInfo } from 'perdure/workflow'

const ask = defineSignal<[customerId: string]>('ask')
const giveBack = defineSignal('giveBack')
const handOver = defineSignal('handOver')
export const closeShop = defineSignal('closeShop')

/** One bicycle, lent to one customer after the other. */
export async function bicycle(): Promise<readonly string[]> {
  const waiting: string[] = []
  const lentTo: string[] = []
  let isBack = true
  let isOpen = true
  setHandler(ask, (customerId) => {
    waiting.push(customerId)
  })
  setHandler(giveBack, () => {
    isBack = true
  })
  setHandler(closeShop, () => {
    isOpen = false
  })
  while (true) {
    await condition(() => isBack && (waiting.length > 0 || !isOpen))
    const customerId = waiting.shift()
    if (customerId === undefined) return lentTo
    isBack = false
    await getExternalWorkflowHandle(customerId).signal(handOver)
    lentTo.push(customerId)
  }
}

/** Asks another execution, waits for its answer, and says when it is done. */
export async function ride(bicycleId: string): Promise<string> {
  let hasBicycle = false
  setHandler(handOver, () => {
    hasBicycle = true
  })
  const shop = getExternalWorkflowHandle(bicycleId)
  await shop.signal(ask, workflowInfo().workflowId)
  await condition(() => hasBicycle)
  await sleep('10 ms')
  await shop.signal(giveBack)
  return 'had a ride'
}

/** To signal what is not there is an error that can be caught. */
export async function lost(): Promise<string> {
  try {
    await getExternalWorkflowHandle('no-such-shop').signal(closeShop)
    return 'closed'
  } catch (error) {
    if (error instanceof ApplicationFailure) return error.message
    throw error
  }
}
