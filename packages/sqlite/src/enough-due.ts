import { takeoversSuspect } from '@perdure/engine'
import type { ClaimRequest } from '@perdure/engine'
import type { Due } from './statements/due-executions.ts'

/** The first of these, until the limit is reached without the suspects that would be left out anyway. */
export function enoughDue(rows: Iterable<Due>, request: ClaimRequest): Due[] {
  const due: Due[] = []
  let suspects = 0
  for (const one of rows) {
    if (one.takeovers >= takeoversSuspect && ++suspects > request.suspectLimit) continue
    due.push(one)
    if (due.length >= request.limit) break
  }
  return due
}
