import { condition, currentUpdateInfo, defineSignal, defineUpdate, setHandler, sleep } from '@temporalio/workflow'

export const finish = defineSignal('finish')
export const checked = defineUpdate<unknown>('checked')
export const unchecked = defineUpdate<unknown>('unchecked')

/** What a validator and its handler know of their update. */
export async function knows(): Promise<unknown> {
  let done = false
  let known: unknown
  const info = () => ({ ...currentUpdateInfo() })
  setHandler(finish, () => { done = true })
  setHandler(checked, async () => {
    const atOnce = info()
    await sleep(1)
    return { known, atOnce, later: info() }
  }, { validator: () => { known = info() } })
  setHandler(unchecked, () => info())
  await condition(() => done)
  return { known, main: currentUpdateInfo() ?? null }
}
