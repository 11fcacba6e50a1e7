/** `perdure migrate`: makes the database, or brings its schema up to date. */
import type { SchemaMissingError, SchemaTooOldError, Store } from '@perdure/engine'
import { PerdureError } from '@perdure/workflow'
import type { Command } from 'commander'
import { closedStore, refuseDisabled } from './connection.ts'
import { withExamples } from './examples.ts'
import { nextCommand } from './next-command.ts'
import { type GlobalOptions, runs } from './options.ts'
import { note, print } from './output.ts'

interface MigrateOptions extends GlobalOptions {
  readonly dryRun?: boolean
}

export function addMigrateCommand(program: Command): void {
  const migrate = program.command('migrate').description('create the database, or bring its schema up to date; safe beside running workers')
    .option('--dry-run', 'say what would be done, and change nothing')
  withExamples(migrate, 'migrate -d postgres://app@db.example/app --dry-run', 'migrate -d postgres://app@db.example/app')
  runs<MigrateOptions>(migrate, async (options) => {
    refuseDisabled(options)
    const { dryRun = false } = options
    const { location, kind, isMissing, steps } = await lookAt(options)
    if (!dryRun) await opened(await closedStore(options, true), () => undefined)
    print(options.output, {
      value: { database: location, store: kind, dryRun, created: !dryRun && isMissing, steps },
      text: () => told(location, dryRun, isMissing, steps),
    })
    if (dryRun && steps.length > 0) note(options.output, `Nothing was changed; to do it: ${nextCommand(options, 'migrate')}`)
  })
}

interface SchemaState {
  readonly location: string
  readonly kind: string
  readonly isMissing: boolean
  /** Those that it lacks. */
  readonly steps: readonly string[]
}

/** Without migrating it. */
async function lookAt(options: GlobalOptions): Promise<SchemaState> {
  const store = await closedStore(options, false)
  const { location, kind } = store
  try {
    return await opened(store, () => ({ location, kind, isMissing: false, steps: [] }))
  } catch (error) {
    if (!(error instanceof PerdureError && /^SCHEMA_(MISSING|TOO_OLD)$/.test(error.code))) throw error
    const { code, steps } = error as SchemaMissingError | SchemaTooOldError
    return { location, kind, isMissing: code === 'SCHEMA_MISSING', steps }
  }
}

/** And closed again. */
async function opened<T>(store: Store, use: () => T): Promise<T> {
  try {
    await store.open()
    return use()
  } finally {
    await store.close()
  }
}

function told(location: string, dryRun: boolean, isMissing: boolean, steps: readonly string[]): string {
  if (steps.length === 0) return `The schema of ${location} is up to date`
  const done = isMissing ? [`Would make Perdure's tables in`, `Made Perdure's tables in`] : ['Would bring up to date', 'Brought up to date']
  return `${done[dryRun ? 0 : 1] ?? ''} ${location}: ${steps.join(', ')}`
}
