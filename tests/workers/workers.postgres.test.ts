import { postgresHome } from './homes.ts'
import { testWorkers } from './worker-topics.ts'

testWorkers(postgresHome)
