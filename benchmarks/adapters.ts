/** The adapter of each engine, loaded when it is needed: the others' packages may not be there. */
import type { EngineAdapter, EngineName } from './engine-adapter.ts'

export async function adapterOf(engine: EngineName): Promise<EngineAdapter> {
  switch (engine) {
    case 'dbos':
      return (await import('./engines/dbos.ts')).dbos
    case 'floor':
      return (await import('./engines/floor.ts')).floor
    case 'perdure':
      return (await import('./engines/perdure.ts')).perdure
    default:
      return peerAdapter(engine)
  }
}

/** Their packages are installed apart from the repository's, so the compiler does not follow this import. */
async function peerAdapter(engine: EngineName): Promise<EngineAdapter> {
  const url = new URL(`./peers/${engine}.ts`, import.meta.url).href
  return ((await import(url)) as { adapter: EngineAdapter }).adapter
}
