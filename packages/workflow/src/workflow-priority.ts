/** What goes first where work waits. */
export interface Priority {
  /** 1 (first) to 5 (last); default 3. */
  readonly priorityKey?: number
}
