import type { Duration } from './duration.ts'
import type { SearchAttributePair, SearchAttributes, TypedSearchAttributes } from './search-attributes.ts'

/** What the next run has otherwise than this one. */
export interface ContinueAsNewOptions {
  /** Default: this one's. */
  readonly workflowType?: string
  /** Default: this one's. */
  readonly taskQueue?: string
  readonly workflowRunTimeout?: Duration
  readonly workflowTaskTimeout?: Duration
  /** Pause before the next run begins. */
  readonly backoffStartInterval?: Duration
  /** Default: this one's. */
  readonly memo?: Readonly<Record<string, unknown>>
  /** Default: this one's. */
  readonly searchAttributes?: SearchAttributes
  /** Default: this one's. */
  readonly typedSearchAttributes?: readonly SearchAttributePair[] | TypedSearchAttributes
}
