/**
 * A statement of one file: static text, so that it can be named and prepared once per connection. The text names the
 * schema `perdure`; a store with another schema has its own copy of the text. Without the engine: the lease thread loads it.
 */
export interface Statement {
  /** Unique among statements of this package. Empty: planned at each call. */
  readonly name: string
  readonly text: string
  /** It writes: when the connection breaks under it, nobody knows whether it took effect. */
  readonly writes: boolean
}

export type Value = string | number | boolean | null | Buffer | readonly (string | number | null)[]

/** What statements run on. */
export interface Database {
  /** Rows as objects; int8 as numbers, json parsed. */
  run<Row extends object>(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>
}

/** The text for a schema. Identifiers are quoted; `perdure.` stands for the schema and for nothing else in our texts. */
export function inSchema(text: string, schema: string): string {
  return text.replaceAll('perdure.', () => `${quoteIdentifier(schema)}.`)
}

/** What a function's text holds between its quotes must not end them; longer names are cut by the server. */
export function isSchemaName(name: string): boolean {
  return name !== '' && Buffer.byteLength(name) <= 63 && !/'|\$\$|\0/.test(name)
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
