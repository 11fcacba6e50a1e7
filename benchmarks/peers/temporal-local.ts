/**
 * Temporal as in temporal.ts, with local activities: the worker that has the workflow task runs them within it, so no task queue is
 * between, and the history gets one marker each when the task is completed. What a crash leaves of a task is run again; retries
 * and time are bounded by the task, which the SDK prolongs.
 */
import { temporalWith } from './temporal.ts'

export const adapter = temporalWith('temporal-local-workflows.ts')
