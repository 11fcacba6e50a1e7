import { isRunId } from '@perdure/engine'

/** A run id that nobody has: what is not a UUID at all is looked for under it, and not found. */
const nobody = '00000000-0000-0000-0000-000000000000'

export function searchable(runId: string): string {
  return isRunId(runId) ? runId : nobody
}
