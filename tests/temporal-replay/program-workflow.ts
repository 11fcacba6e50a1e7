/** Programs of tests/replay-races as a workflow that takes its program as argument, for either SDK. */
import type { Program } from '../replay-races/program.ts'
import { interpret } from '../replay-races/program-workflow.ts'

export async function program(given: Program): Promise<readonly string[]> {
  return interpret(given)
}
