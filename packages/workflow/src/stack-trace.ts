/** Queries that every workflow answers by itself, and what they answer. */
import { defineQuery, type QueryDefinition } from './message-definition.ts'

export interface StackTraceSDKInfo {
  name: string
  version: string
}
/** Part of a file, from a line on. */
export interface StackTraceFileSlice {
  line_offset: number
  content: string
}
export interface StackTraceFileLocation {
  file_path?: string
  line?: number
  column?: number
  function_name?: string
  /** Of the engine, not of the user's code. */
  internal_code: boolean
}
export interface StackTrace {
  locations: StackTraceFileLocation[]
}
export interface EnhancedStackTrace {
  sdk: StackTraceSDKInfo
  sources: Record<string, StackTraceFileSlice[]>
  stacks: StackTrace[]
}

/** A handler that a workflow has set, or that it has without being set. */
export interface WorkflowInteractionDefinition {
  name?: string | null
  description?: string | null
}
/** What a workflow says of itself: which messages it takes, and what `setCurrentDetails` was given last. */
export interface WorkflowMetadata {
  definition?: {
    type?: string | null
    queryDefinitions?: WorkflowInteractionDefinition[] | null
    signalDefinitions?: WorkflowInteractionDefinition[] | null
    updateDefinitions?: WorkflowInteractionDefinition[] | null
  } | null
  currentDetails?: string | null
}

/** Where the workflow waits, as text. */
export const stackTraceQuery: QueryDefinition<string, [], string> = defineQuery('__stack_trace')
/** Where the workflow waits, as data. */
export const enhancedStackTraceQuery: QueryDefinition<EnhancedStackTrace, [], string> = defineQuery('__enhanced_stack_trace')
/** What the workflow says of itself. */
export const workflowMetadataQuery: QueryDefinition<WorkflowMetadata, [], string> = defineQuery('__temporal_workflow_metadata')
