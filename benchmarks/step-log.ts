/** S7: one line for each step that ran, appended by the worker processes to one file. */
import { readFileSync } from 'node:fs'

/** Environment variable with the path of the file. */
export const stepLogVariable = 'BENCH_STEP_LOG'

export interface StepRun {
  /** Milliseconds since 1970, with fractions. */
  readonly at: number
  readonly pid: number
  readonly wf: string
  readonly step: number
}

export function stepLogLine({ at, pid, wf, step }: StepRun): string {
  return `${at.toFixed(3)} ${pid} ${wf} ${step}\n`
}

/** A last line that is cut off is left out: its process was killed while it wrote. */
export function readStepLog(path: string): StepRun[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const [at, pid, wf = '', step] = line.split(' ')
    return { at: Number(at), pid: Number(pid), wf, step: Number(step) }
  })
}
