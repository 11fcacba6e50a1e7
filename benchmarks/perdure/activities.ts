import { performStep, type StepResult } from '../step.ts'

export async function step(wf: string, index: number): Promise<StepResult> {
  return Promise.resolve(performStep(wf, index))
}
