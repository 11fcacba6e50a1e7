import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStderrLogger } from './stderr-logger.ts'

function written(
  level: string | undefined, format?: 'text' | 'json',
): { lines: string[]; logger: ReturnType<typeof createStderrLogger> } {
  const lines: string[] = []
  return { lines, logger: createStderrLogger(level, { format, write: (line) => void lines.push(line) }) }
}

test('all but debugging is written by default, and what PERDURE_LOG_LEVEL says', () => {
  const expected = [[undefined, 3], ['debug', 4], ['INFO', 3], ['error', 1], ['silent', 0], ['nonsense', 3]] as const
  for (const [level, count] of expected) {
    const { lines, logger } = written(level)
    logger.debug('a')
    logger.info('b')
    logger.warn('c')
    logger.error('d')
    assert.equal(lines.length, count, level)
  }
})

test('an entry is one line, with its attributes', () => {
  const { lines, logger } = written('info')
  const circle: { self?: unknown } = {}
  circle.self = circle
  logger.warn('two\n  lines', {
    workflowId: 'order-7', reason: 'not so simple', error: new Error('broke'), none: undefined, many: [1], circle,
  })
  const [line = ''] = lines
  assert.equal(
    line.replace(/^\S+Z /, ''),
    'WARN perdure: two | lines workflowId=order-7 reason="not so simple" error="broke" many=[1] circle=[object Object]\n',
  )
})

test('as JSON an entry is an object on a line, also when its attributes cannot be written', () => {
  const { lines, logger } = written('info', 'json')
  const circle: { self?: unknown } = {}
  circle.self = circle
  logger.info('two\nlines', { workflowId: 'order-7', error: new Error('broke'), none: undefined })
  logger.warn('a circle', { circle })
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.ok(entries.every(({ time }) => !Number.isNaN(Date.parse(String(time)))))
  assert.deepEqual(entries.map(({ time: _time, ...entry }) => entry), [
    { level: 'info', message: 'two\nlines', workflowId: 'order-7', error: 'broke' },
    { level: 'warn', message: 'a circle', attributes: ['circle=[object Object]'] },
  ])
  assert.ok(lines.every((line) => line.indexOf('\n') === line.length - 1))
})
