/** Where the engine writes. Attributes carry workflowId, runId and the like. */
export interface Logger {
  debug(message: string, attributes?: Readonly<Record<string, unknown>>): void
  info(message: string, attributes?: Readonly<Record<string, unknown>>): void
  warn(message: string, attributes?: Readonly<Record<string, unknown>>): void
  error(message: string, attributes?: Readonly<Record<string, unknown>>): void
}
