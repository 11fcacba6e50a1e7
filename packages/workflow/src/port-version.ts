/**
 * A process may hold two copies of Perdure: two installed versions, or one that was loaded twice. Workflow code of the one
 * then meets the engine of the other through the ports in host.ts and activity-host.ts, and must find what it expects.
 */
import { PerdureError } from './perdure-error.ts'

/** To be raised with every change of these ports that code of an earlier version does not survive. */
export const portVersion = 1

/** What an engine registers for the code that it runs. */
export interface Registered<Runtime> {
  readonly runtime: Runtime
  readonly portVersion: number
}

/** @throws PerdureError VERSIONS_MIXED when it was registered by a copy with other ports */
export function runtimeOf<Runtime>(registered: Registered<Runtime> | undefined): Runtime | undefined {
  if (registered === undefined || registered.portVersion === portVersion) return registered?.runtime
  const remedy = 'npm ls @perdure/workflow shows who brings which; have one version, then npm dedupe'
  throw new PerdureError('VERSIONS_MIXED', `Two versions of Perdure that do not fit together are loaded in this process; ${remedy}`)
}
