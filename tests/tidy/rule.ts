/** What a rule of the tidy test is: a pure look at the repository's files that says what is wrong and what to do instead. */
import type { RepositoryFile } from './repository-file.ts'

export interface Violation {
  readonly path: string
  /** Counted from 1; absent where the whole file is meant. */
  readonly line?: number
  readonly problem: string
  readonly remedy: string
}

export interface Rule {
  /** A sentence; it is the name of the test. */
  readonly name: string
  check(files: readonly RepositoryFile[]): readonly Violation[]
}

/** A violation that is known and stays: it needs a reason. */
export interface Exception {
  readonly rule: string
  readonly path: string
  readonly reason: string
}

export function report(violation: Violation): string {
  const place = violation.line === undefined ? violation.path : `${violation.path}:${violation.line}`
  return `${place}: ${violation.problem}\n    ${violation.remedy}`
}
