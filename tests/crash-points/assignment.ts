/** What a process under test is to do. */
export interface Assignment {
  readonly scenario: string
  readonly database: string
  readonly journalFile: string
  /** Says in the record whose statements follow. */
  readonly recordFile?: string
}
