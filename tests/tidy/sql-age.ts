/** The oldest PostgreSQL that is supported is older than the one that the tests run on: what it does not know is not written. */
import type { RepositoryFile } from './repository-file.ts'
import type { Rule, Violation } from './rule.ts'

export const oldestVersion = 14

/** By the version that brought it. Words of SQL that would pass on the server of the tests and fail on an older one. */
const newer: readonly (readonly [number, RegExp])[] = [
  [15, /\bmerge\s+into\b|\bnulls\s+not\s+distinct\b|\bsecurity_invoker\b|\bregexp_(count|instr|like|substr)\s*\(|\bset\s+null\s*\(/i],
  [16, /\b(any_value|array_shuffle|array_sample|random_normal|pg_input_is_valid|date_add|date_subtract)\s*\(|\bis\s+(not\s+)?json\b/i],
  [16, /\bjson_(arrayagg|objectagg)\s*\(/i],
  [17, /\bjson_(exists|query|value|table|scalar|serialize)\s*\(|\bmerge_action\s*\(|\b(to_bin|to_oct|uuid_extract_\w+)\s*\(/i],
  [17, /\brandom\s*\(\s*[^)\s]/i],
  [18, /\b(uuidv4|uuidv7|array_reverse|array_sort|casefold|crc32c?)\s*\(|\breturning\s+(old|new)\b|\bwithout\s+overlaps\b|\)\s+virtual\b/i],
]

export const sqlAgeRule: Rule = {
  name: `SQL for PostgreSQL uses nothing newer than version ${oldestVersion}`,
  check: (files) => files.filter(({ path }) => path.startsWith('packages/postgres/src/')).flatMap(violations),
}

function violations({ path, text }: RepositoryFile): Violation[] {
  return newer.flatMap(([version, pattern]) => [...text.matchAll(new RegExp(pattern, 'gi'))].map((found): Violation => ({
    path,
    line: text.slice(0, found.index).split('\n').length,
    problem: `PostgreSQL ${oldestVersion} does not know "${found[0]}", which came with ${version}`,
    remedy: `Write it with what ${oldestVersion} has: servers of that version are supported and the tests run on a newer one.`,
  })))
}
