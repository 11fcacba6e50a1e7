import { performStep, type StepResult } from '../step.ts'

export async function step(id: string, index: number): Promise<StepResult> {
  return Promise.resolve(performStep(id, index))
}

export async function echo(payload: string): Promise<string> {
  return Promise.resolve(payload)
}
