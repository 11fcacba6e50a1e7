import { createMemoryStore } from '@perdure/testing'
import { paritySuite } from './parity-suite.ts'

paritySuite('memory', async () => ({ connection: { store: createMemoryStore() }, dispose: async () => {} }))
