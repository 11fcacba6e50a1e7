/** What stands on every line about an execution or an activity, and lines that user code writes. */
import type { LogLine } from '../../execution/command.ts'
import type { Logger } from '../../ports/logger.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import { decodeStartDetails } from '../../protocol/start-details.ts'

type Fields = Readonly<Record<string, string | number>>

/** The attempt is that of workflowInfo(): which run of its retry policy it is. */
export function executionFields({ workflowId, runId, workflowType, details }: ExecutionRecord): Fields {
  return { workflowId, runId, workflowType, attempt: attemptOf(details) }
}

/** Details may be large, few have one, and those that cannot be read are told of elsewhere. */
function attemptOf(details: ExecutionRecord['details']): number {
  if (details?.includes('"attempt":') !== true) return 1
  try {
    return decodeStartDetails(details).attempt ?? 1
  } catch {
    return 1
  }
}

export function activityFields({ workflowId, runId, workflowType, activityType, activityId, attempt }: ActivityTask): Fields {
  return { workflowId, runId, workflowType, activityType, activityId, attempt }
}

/** The fields win over attributes of the same name: who wrote it is never in doubt. */
export function writeLine(logger: Logger, { level, message, attributes }: LogLine, fields: Fields): void {
  const all = { ...attributes, ...fields }
  switch (level) {
    case 'TRACE': return logger.trace === undefined ? logger.debug(message, all) : logger.trace(message, all)
    case 'DEBUG': return logger.debug(message, all)
    case 'INFO': return logger.info(message, all)
    case 'WARN': return logger.warn(message, all)
    case 'ERROR': return logger.error(message, all)
  }
}
