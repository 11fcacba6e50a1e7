import { createMemoryStore } from '@perdure/testing'
import { behaviourSuite } from './behaviour-suite.ts'

behaviourSuite('memory', async () => ({ connection: { store: createMemoryStore() }, dispose: async () => {} }))
