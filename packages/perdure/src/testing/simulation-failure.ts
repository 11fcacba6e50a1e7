/** What is told of a simulated run that failed. */
import { PerdureError } from '@perdure/engine'
import { faultText, type Fault, type FoundFailure, type SimulatedCall } from '@perdure/testing'

/** An invariant does not hold in a simulated run; `seed` and `faults` make the same run again. */
export class SimulationFailedError extends PerdureError {
  readonly seed: number
  readonly faults: readonly Fault[]
  constructor(message: string, { run }: FoundFailure, cause: unknown) {
    super('SIMULATION_FAILED', message, { cause })
    this.name = 'SimulationFailedError'
    this.seed = run.seed
    this.faults = run.faults
  }
}

export function simulationFailure(workflow: string, found: FoundFailure, cause: unknown): SimulationFailedError {
  const { run, problem, drawn, isRepeatable } = found
  const { seed, faults, calls } = run
  const shrunk = drawn > faults.length ? `, shrunk from ${drawn} faults to ${faults.length}` : ''
  const told = faults.map((fault) => faultText(fault, (call) => calls[call - 1]?.name))
  const attempts = calls.slice(0, callsShownMax).map(callText).join(', ') || 'none'
  const lines = [
    `Workflow '${workflow}' in a simulation: ${problem}`,
    `  seed      ${seed}${shrunk}`,
    ...(told.length === 0 ? ['none is needed'] : told).map((text) => `  fault     ${text}`),
    `  attempts  ${attempts}${calls.length > callsShownMax ? ', ...' : ''}`,
    `  again     reproduce: { seed: ${seed}, faults: ${JSON.stringify(faults)} }`,
    ...(isRepeatable ? [] : [`  ${notRepeatable}`]),
  ]
  return new SimulationFailedError(lines.join('\n'), found, cause)
}

const callsShownMax = 20
const notRepeatable = 'Another run of the same seed went another way: activities, invariants or `during` use something outside of the '
  + 'simulation, or keep state between runs. Make what they share in `world`.'

function callText({ name, attempt, isDone }: SimulatedCall): string {
  return `${name} #${attempt}${isDone ? '' : ' (not done)'}`
}
