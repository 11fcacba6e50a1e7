import type { Payload } from './payload.ts'

/** Failure of an execution that a start with TERMINATE_EXISTING closed; written by the stores. */
export const terminatedByStart =
  '{"message":"terminated by a new start of the same workflow id","source":"perdure","kind":"terminated"}' as Payload
