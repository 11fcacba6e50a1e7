import type { Change } from '../statement.ts'

/** What a worker has, as JSON arrays: written when it differs only, so that a tick does not write it again. Plan: primary key. */
export const noteCapabilities: Change<[incarnation: number, workflowTypes: string, activityTypes: string]> = {
  sql: `update workers set workflow_types = ?2, activity_types = ?3
    where incarnation = ?1 and (workflow_types <> ?2 or activity_types <> ?3)`,
}
