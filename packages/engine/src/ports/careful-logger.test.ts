import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { carefulLogger } from './careful-logger.ts'

const ways: readonly (readonly [what: string, log: () => void])[] = [
  ['throws', () => { throw new Error('the disk is full') }],
  ['rejects', async () => { throw new Error('the disk is full') }],
]

for (const [what, log] of ways) {
  test(`a logger that ${what} stops nobody, and is told of once`, async () => {
    const warned = once(process, 'warning') as Promise<[Error]>
    const logger = carefulLogger({ debug: log, info: log, warn: log, error: log })
    logger.info('a line')
    logger.error('another')
    const [warning] = await warned
    assert.equal(warning.name, 'PerdureWarning')
    assert.match(warning.message, /^The logger given to the engine threw, and lines are missing: the disk is full$/)
  })
}
