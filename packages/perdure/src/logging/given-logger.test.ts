import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import type { EngineOptions } from '../engine-options.ts'
import { acceptedLogger, checkLogger } from './given-logger.ts'

const ignore = (): void => {}
const none = { debug: ignore, info: ignore, warn: ignore, error: ignore }

test('an object that lacks a method is refused by the name of the method; console is a logger', () => {
  checkLogger(console)
  const { warn: _, ...others } = none
  assert.throws(() => checkLogger({ ...others, error: 5 } as never), {
    code: 'ENGINE_OPTIONS_INVALID', message: /has no method warn, error; give an object with debug, info, warn and error/,
  })
})

test('a logger of the user is taken as it is', async () => {
  assert.equal(await acceptedLogger(none), none)
})

test('a pino of the user gets the attributes too, in its order, and keeps its own settings', async () => {
  const lines: string[] = []
  const own: EngineOptions = { logger: pino({ level: 'warn', base: { app: 'shop' } }, { write: (line: string) => void lines.push(line) }) }
  assert.ok(own.logger !== undefined)
  checkLogger(own.logger)
  const logger = await acceptedLogger(own.logger)
  logger.info('not this')
  logger.warn('aloud', { workflowId: 'order-7', error: new Error('broke') })
  const [entry, ...others] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(others, [])
  assert.deepEqual([entry?.['app'], entry?.['msg'], entry?.['workflowId']], ['shop', 'aloud', 'order-7'])
  assert.match(JSON.stringify(entry?.['error']), /"message":"broke"/)
})
