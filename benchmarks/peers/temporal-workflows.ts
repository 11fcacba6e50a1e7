import { proxyActivities, sleep as pause } from '@temporalio/workflow'

interface Activities {
  step(id: string, index: number): Promise<object>
}

const { step } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })

export async function chain(id: string, steps: number): Promise<number> {
  for (let index = 0; index < steps; index++) await step(id, index)
  return steps
}

export async function fan(id: string, steps: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: steps }, (_, index) => step(id, index)))
  return results.length
}

export async function sleep(_id: string, ms: number): Promise<number> {
  await pause(ms)
  return ms
}
