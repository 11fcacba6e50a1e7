/** What an engine needs here besides what npm ci installs, and what to do where it is missing. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { absurdSchema } from './absurd-schema.ts'
import type { EngineName } from './engine-adapter.ts'
import { hasRestateProgram } from './servers/restate-server.ts'
import { hasTemporalServer, temporalFolder } from './servers/temporal-server.ts'

export interface Skipped {
  readonly engine: EngineName
  readonly reason: string
  readonly remedy: string
}

const remedy = 'npm run bench:peers'
const peersFolder = join(import.meta.dirname, 'peers')

const temporalPackages = ['@temporalio/worker', '@temporalio/client']

const packages: Readonly<Partial<Record<EngineName, readonly string[]>>> = {
  openworkflow: ['openworkflow'],
  absurd: ['absurd-sdk'],
  'graphile-worker': ['graphile-worker'],
  'pg-boss': ['pg-boss'],
  restate: ['@restatedev/restate-sdk', '@restatedev/restate-server'],
  temporal: temporalPackages,
  'temporal-local': temporalPackages,
}

/** Undefined: the engine can run here. */
export function whySkipped(engine: EngineName): Skipped | undefined {
  const missing = (packages[engine] ?? []).filter((name) => !existsSync(join(peersFolder, 'node_modules', name)))
  if (missing.length > 0) {
    return { engine, reason: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`, remedy }
  }
  if (engine === 'absurd' && !existsSync(absurdSchema())) {
    const reason = `its schema is not in its npm package, and there is no ${absurdSchema()}`
    return { engine, reason, remedy: `${remedy} (needs Python), or set ABSURD_SQL to a copy of its absurd.sql` }
  }
  if (engine === 'restate' && !hasRestateProgram()) {
    return { engine, reason: 'its npm package has no server for this machine', remedy: 'none: run it on Linux or macOS, x64 or arm64' }
  }
  if (packages[engine] === temporalPackages && !hasTemporalServer()) {
    const reason = `there is no Temporal server in ${temporalFolder()}`
    return { engine, reason, remedy: 'benchmarks/temporal/build.sh (needs Go), or set TEMPORAL_SERVER_FOLDER' }
  }
  return undefined
}

/** Of the packages that the engines are made of. */
export function versionsOf(engines: readonly EngineName[]): Record<string, string> {
  const versions: Record<string, string> = {}
  if (engines.includes('dbos')) versions['@dbos-inc/dbos-sdk'] = versionIn(join(peersFolder, '../../node_modules/@dbos-inc/dbos-sdk'))
  for (const engine of engines) {
    for (const name of packages[engine] ?? []) versions[name] = versionIn(join(peersFolder, 'node_modules', name))
  }
  return versions
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}
