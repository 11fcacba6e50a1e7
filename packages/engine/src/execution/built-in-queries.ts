/** Queries that every execution answers without a handler: what it is, and where its code waits. Names are Temporal's. */
import type { EnhancedStackTrace, StackTraceFileLocation, WorkflowMetadata } from '@perdure/workflow'
import { encodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import type { LiveExecution } from './live-execution.ts'

export const metadataQuery = '__temporal_workflow_metadata'
export const stackTraceQuery = '__stack_trace'
export const enhancedStackTraceQuery = '__enhanced_stack_trace'

export function isBuiltInQuery(name: string): boolean {
  return name === metadataQuery || asksForPlaces(name)
}

/** These need to know where each command was issued, which is noted only when it is asked for. */
export function asksForPlaces(name: string): boolean {
  return name === stackTraceQuery || name === enhancedStackTraceQuery
}

export function answerBuiltIn(live: LiveExecution, name: string): Payload {
  const answer = name === metadataQuery ? metadataOf(live) : name === stackTraceQuery ? textOf(live) : traceOf(live)
  return encodePayload(answer, `query '${name}'`)
}

function metadataOf(live: LiveExecution): WorkflowMetadata {
  const { signals, queries, updates } = live.calls.handlers.describe()
  return {
    definition: {
      type: live.parts.workflowType, queryDefinitions: queries, signalDefinitions: signals, updateDefinitions: updates,
    },
    currentDetails: live.calls.currentDetails(),
  }
}

interface Wait {
  readonly what: string
  /** As a stack shows it. */
  readonly place: string | undefined
}

/** Commands in the order of their numbers; conditions have none. */
function waitsOf(live: LiveExecution): Wait[] {
  const { pending, calls } = live
  const children = [...calls.pendingChildren].map((child) => child.command)
  const commands = [...pending.activities.keys(), ...pending.timers.keys(), ...children].sort((one, other) => one - other)
  return commands.map((command) => ({ what: pending.describe(command) ?? `command ${command}`, place: pending.location(command) }))
}

function textOf(live: LiveExecution): string {
  const waits = waitsOf(live).map(({ what, place }) => (place === undefined ? what : `${what}\n    at ${place}`))
  const { size } = live.calls.conditions
  return [...waits, ...(size === 0 ? [] : [`${size} condition${size === 1 ? '' : 's'}`])].join('\n\n')
}

function traceOf(live: LiveExecution): EnhancedStackTrace {
  const places = waitsOf(live).flatMap(({ place }) => place ?? [])
  return { sdk: { name: 'perdure', version: '' }, sources: {}, stacks: places.map((place) => ({ locations: [locationOf(place)] })) }
}

/** 'name (file:line:column)', or without a name. */
function locationOf(place: string): StackTraceFileLocation {
  const [, name, file, line, column] = /^(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(place) ?? []
  return {
    ...(name === undefined ? {} : { function_name: name }), file_path: file ?? place,
    ...(line === undefined ? {} : { line: Number(line), column: Number(column) }), internal_code: false,
  }
}
