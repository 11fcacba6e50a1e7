/** The servers that some engines bring along: started on an empty store for one measurement, stopped by their own process ids. */
import type { EngineName } from './engine-adapter.ts'
import type { EngineServer, Place } from './servers/engine-server.ts'
import { startRestateServer } from './servers/restate-server.ts'
import { startTemporalServer } from './servers/temporal-server.ts'

/** Undefined: the engine needs none. */
export function startEngineServer(engine: EngineName, place: Place): Promise<EngineServer> | undefined {
  switch (engine) {
    case 'restate':
      return startRestateServer(place.folder)
    case 'temporal':
    case 'temporal-local':
      return startTemporalServer(place)
    default:
      return undefined
  }
}
