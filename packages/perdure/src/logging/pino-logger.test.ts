import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogFormat, LogLevel } from './log-settings.ts'
import { levelOf, logLevels } from './log-settings.ts'
import { createLogger } from './pino-logger.ts'

async function written(level: LogLevel, format: LogFormat | undefined = 'json') {
  const lines: string[] = []
  return { lines, logger: await createLogger({ level, format, write: (line) => void lines.push(line) }) }
}

test('what is less grave than the level is not written', async () => {
  for (const [most, level] of logLevels.entries()) {
    const { lines, logger } = await written(level)
    for (const at of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[at]?.(at)
    assert.deepEqual(lines.map((line) => (JSON.parse(line) as { level: string }).level), logLevels.slice(most, -1), level)
  }
})

test('the level is that of PERDURE_LOG_LEVEL in any case, and info where that is none', () => {
  assert.deepEqual([undefined, 'DEBUG', 'warn', 'loud', ''].map((level) => levelOf({ PERDURE_LOG_LEVEL: level })), [
    'info', 'debug', 'warn', 'info', 'info',
  ])
})

test('as JSON an entry is an object on a line, with a time, a level by its name, and its attributes', async () => {
  const { lines, logger } = await written('info')
  logger.info('two\nlines', { workflowId: 'order-7', none: undefined, count: 1n })
  assert.match(lines.join(''), /^\{.*\}\n$/)
  const { time, pid, hostname: _hostname, ...entry } = JSON.parse(lines.join('')) as Record<string, unknown>
  assert.equal(new Date(String(time)).toISOString(), time)
  assert.equal(pid, process.pid)
  assert.deepEqual(entry, { level: 'info', msg: 'two\nlines', workflowId: 'order-7', count: 1 })
})

test('attributes take no place of what is on every line, and placeholders in a message are left alone', async () => {
  const { lines, logger } = await written('info')
  logger.warn('100 %s %d', { level: 'high', time: 5, msg: 'other' })
  const { level, msg, level_, time_, msg_ } = JSON.parse(lines.join('')) as Record<string, unknown>
  assert.deepEqual({ level, msg, level_, time_, msg_ }, { level: 'warn', msg: '100 %s %d', level_: 'high', time_: 5, msg_: 'other' })
})

test('an error keeps stack and cause under any name, and what cannot be written does no harm', async () => {
  const { lines, logger } = await written('info')
  const circle: { self?: unknown } = {}
  circle.self = circle
  const broken = { toJSON() { throw new Error('no') } }
  logger.error('it broke', { why: new TypeError('lost', { cause: new Error('the wire') }), circle, broken })
  assert.equal(lines.length, 1)
  type Entry = { why: { type: string; stack: string; cause: { message: string } }; circle: unknown }
  const entry = JSON.parse(lines.join('')) as Entry
  assert.deepEqual([entry.why.type, entry.why.cause.message, entry.circle], ['TypeError', 'the wire', { self: '[Circular]' }])
  assert.match(entry.why.stack, /TypeError: lost\n\s+at /)
})

test('as text an entry is a line with time, level, message and attributes, and cannot move the cursor', async () => {
  const { lines, logger } = await written('info', 'text')
  logger.warn('aloud \u001b[2J', { workflowId: 'order-7', text: '\u001b[2J' })
  assert.match(lines.join(''), /^\[[^\]]+\] WARN: aloud \[2J \{"workflowId":"order-7","text":"\\u001b\[2J"\}\n$/)
})

test('without a format it is JSON where stderr is no terminal, and text where it is one', async (t) => {
  const isTerminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  t.after(() => Object.defineProperty(process.stderr, 'isTTY', isTerminal ?? { value: undefined, configurable: true, writable: true }))
  const first = async (value: boolean) => {
    Object.defineProperty(process.stderr, 'isTTY', { value, configurable: true, writable: true })
    const lines: string[] = []
    const logger = await createLogger({ level: 'info', write: (line) => void lines.push(line) })
    logger.info('hello')
    return lines.join('')
  }
  assert.match(await first(false), /^\{"level":"info",.*"msg":"hello"\}\n$/)
  assert.match(await first(true), /^\S*\[\d\d:\d\d:\d\d\.\d{3}\].*INFO.*hello/)
})
