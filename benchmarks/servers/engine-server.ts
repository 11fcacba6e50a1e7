/** A server that an engine brings along. */
export interface EngineServer {
  readonly addresses: Readonly<Record<string, string>>
  readonly pid: number
  stop(): Promise<void>
}

export interface Place {
  /** Empty; the server may write there. */
  readonly folder: string
  /** Temporal: its PostgreSQL database, and the one of its lists. */
  readonly database: string
  readonly visibilityDatabase: string
}
