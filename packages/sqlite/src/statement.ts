/** A statement's text with its parameters and row in the type. Prepared once for each connection. */
export type SqlValue = string | number | null

/** Changes rows. */
export interface Change<Parameters extends readonly SqlValue[]> {
  readonly sql: string
  /** In the type only. */
  readonly parameters?: Parameters
}

/** Reads rows. */
export interface Query<Parameters extends readonly SqlValue[], Row, Result> {
  readonly sql: string
  readonly decode: (row: Row) => Result
  /** In the type only. */
  readonly parameters?: Parameters
}
