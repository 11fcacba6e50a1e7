/**
 * Names one attempt of an activity to whoever completes it from outside. It is no secret and no proof: like a workflow id, it
 * is worth what the access to the database is.
 */
import { PerdureError } from '../error.ts'
import type { ActivityTask } from './activity-task.ts'
import { asRunId, isRunId } from './ids.ts'

export type TaskToken = Pick<ActivityTask, 'namespace' | 'runId' | 'command' | 'attempt'>

const version = 'perdure-task-1'

export function encodeTaskToken({ namespace, runId, command, attempt }: TaskToken): Uint8Array {
  return new TextEncoder().encode([version, runId, command, attempt, namespace].join(' '))
}

/**
 * @param token the bytes, or their base64
 * @throws PerdureError TASK_TOKEN_INVALID
 */
export function decodeTaskToken(token: Uint8Array | string): TaskToken {
  const text = typeof token === 'string' ? Buffer.from(token, 'base64').toString() : new TextDecoder().decode(token)
  const [, runId = '', command, attempt, namespace = ''] = new RegExp(`^${version} (\\S+) ([1-9]\\d*) ([1-9]\\d*) (\\S+)$`).exec(text) ?? []
  if (isRunId(runId)) return { namespace, runId: asRunId(runId), command: Number(command), attempt: Number(attempt) }
  const remedy = 'pass what activityInfo().taskToken gave, or its base64, unchanged'
  throw new PerdureError('TASK_TOKEN_INVALID', `The task token is not one of Perdure's: ${remedy}`)
}
