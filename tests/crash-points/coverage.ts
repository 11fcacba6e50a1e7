/** Which statements of the packages no scenario issues. */
import type { Recording } from './points.ts'
import { type RegisteredStatement, type ScatteredText, scatteredTexts, statementFiles, type StoreKind } from './statement-registry.ts'
import { leaseThreadPrefix, nameOfText } from './tap-order.ts'

/** Files whose texts are made at the call: how the names of these begin. */
const madeAtTheCall: Readonly<Record<string, readonly string[]>> = {
  'postgres/list-executions.ts': [
    'select-from-select-x-run-id', 'select-x-run-id-x', 'select-count-as-total-from-select', 'select-count-as-total-from-perdure',
  ],
}

/** Files that hold no statement, only parts of others. */
const parts: readonly string[] = [
  'sqlite/execution-filter.ts', 'sqlite/execution-row.ts', 'sqlite/namespace-row.ts', 'sqlite/task-row.ts', 'sqlite/worker-row.ts',
]

/** Scattered texts that no scenario issues, and why: by the file, and the beginning of the name. */
const elsewhere: readonly (readonly [file: string, name: string, why: string])[] = [
  ['sqlite/', 'rollback', 'only after an error, and what follows is what follows a death before the commit'],
  ['postgres/migrate.ts', 'rollback', 'the same'],
  ['postgres/direct.ts', 'select-pg-', 'only behind a pooler, when opening: tests/postgres/pooler.test.ts'],
]

export async function uncovered(store: StoreKind, recording: Recording): Promise<readonly string[]> {
  const issued = new Set([...recording.values()].flat().map(name => name.replace(leaseThreadPrefix, '')))
  const ofFiles = [...await statementFiles(store)].flatMap(([file, statements]) => uncoveredOf(`${store}/${file}`, statements, issued))
  return [...ofFiles, ...scatteredTexts(store).filter(text => !isIssued(text, issued)).map(({ place, beginning }) => (
    `${place}: ${nameOfText(beginning, {})}`))]
}

/** By its first words: what the tap calls it. */
function isIssued({ place, beginning }: ScatteredText, issued: ReadonlySet<string>): boolean {
  const name = nameOfText(beginning, {})
  const isElsewhere = elsewhere.some(([file, other]) => place.startsWith(file) && name.startsWith(other))
  return isElsewhere || [...issued].some(each => each.startsWith(name))
}

function uncoveredOf(file: string, statements: readonly RegisteredStatement[], issued: ReadonlySet<string>): readonly string[] {
  const missing = statements.filter(({ name }) => !issued.has(name)).map(({ name }) => `${file}: ${name}`)
  const beginnings = madeAtTheCall[file]
  if (beginnings !== undefined) {
    const absent = beginnings.filter(beginning => ![...issued].some(name => name.startsWith(beginning)))
    return [...missing, ...absent.map(one => `${file}: ${one}`)]
  }
  return statements.length === 0 && !parts.includes(file) ? [`${file}: no statement was found in it`] : missing
}
