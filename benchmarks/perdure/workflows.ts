import { proxyActivities, sleep as pause } from 'perdure/workflow'
import type { StepResult } from '../step.ts'
import type * as activities from './activities.ts'

const { step } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export async function chain(id: string, steps: number): Promise<StepResult | undefined> {
  let last: StepResult | undefined
  for (let index = 0; index < steps; index++) last = await step(id, index)
  return last
}

export async function fan(id: string, steps: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: steps }, (_, index) => step(id, index)))
  return results.length
}

export async function sleep(ms: number): Promise<boolean> {
  await pause(ms)
  return true
}
