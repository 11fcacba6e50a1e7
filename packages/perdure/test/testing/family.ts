/** Workflows that start, tell and become others. */
import {
  condition, continueAsNew, defineSignal, defineUpdate, executeChild, getExternalWorkflowHandle, proxyActivities, setHandler, sleep,
  startChild, workflowInfo,
} from '@perdure/workflow'

interface ShopActivities {
  pack(what: string): Promise<string>
}

const { pack } = proxyActivities<ShopActivities>({ startToCloseTimeout: '1 minute' })

/** Packs one thing, after a day. */
export async function parcel(what: string): Promise<string> {
  await sleep('1 day')
  return pack(what)
}

/** Sends each thing as a parcel of its own. */
export async function shipment(things: readonly string[]): Promise<string[]> {
  return Promise.all(things.map((what) => executeChild(parcel, { workflowId: `parcel of ${what}`, args: [what] })))
}

export const collected = defineSignal<[by: string]>('collected')

/** Waits until somebody collects it. */
export async function shelf(): Promise<string> {
  let by: string | undefined
  setHandler(collected, (name) => { by = name })
  await condition(() => by !== undefined)
  return `collected by ${by}`
}

/** Puts something on a shelf, and has a porter collect it. */
export async function pickUp(): Promise<string> {
  const onShelf = await startChild(shelf, { workflowId: 'shelf' })
  await executeChild(porter, { workflowId: 'porter', args: ['shelf'] })
  return onShelf.result()
}

export async function porter(from: string): Promise<void> {
  await sleep('1 hour')
  await getExternalWorkflowHandle(from).signal(collected, workflowInfo().workflowId)
}

export const add = defineUpdate<number, [what: string]>('add')

/** Takes things for an hour after the last one, and packs them. */
export async function cart(): Promise<string> {
  const things: string[] = []
  setHandler(add, async (what) => {
    await sleep('1 second')
    return things.push(what)
  }, { validator: (what) => { if (what === '') throw new Error('nothing is nothing') } })
  for (let before = -1; before < things.length;) {
    before = things.length
    await condition(() => things.length > before, '1 hour')
  }
  return pack(things.join(' and '))
}

/** A day in each run. */
export async function daily(days: number, done = 0): Promise<number> {
  await sleep('1 day')
  if (done + 1 < days) await continueAsNew<typeof daily>(days, done + 1)
  return done + 1
}
