import type { EngineName } from './engine-adapter.ts'

/** What the Node of an engine's process is started with. */
export function flagsOf(engine: EngineName): string[] {
  return engine === 'dbos' ? ['--disable-warning=DeprecationWarning'] : [] // it uses pg in a way that pg warns of
}
