/** The body of every step, the same for all engines: about 100 bytes of JSON, no I/O. */
export interface StepResult {
  readonly ok: boolean
  readonly wf: string
  readonly step: number
  readonly at: number
  readonly pad: string
}

const pad = 'x'.repeat(52)

export function stepResult(wf: string, step: number): StepResult {
  return { ok: true, wf, step, at: 1_700_000_000_000, pad }
}
