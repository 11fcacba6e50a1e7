import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expandVariables } from './variables.ts'

const env: Readonly<Record<string, string>> = { HOST: 'db', PORT: '5432', EMPTY: '', TRICKY: '${HOST} $$', _x1: 'y' }
const valueOf = (name: string) => env[name]

const expanded: readonly (readonly [text: string, result: string, hasVariables?: boolean])[] = [
  ['nothing to do', 'nothing to do', false],
  ['', '', false],
  ['${HOST}', 'db'],
  ['postgres://${HOST}:${PORT}/x', 'postgres://db:5432/x'],
  ['${_x1}', 'y'],
  ['${NONE:-other}', 'other'],
  ['${HOST:-other}', 'db'],
  ['${EMPTY:-other}', 'other'],
  ['<${EMPTY}>', '<>'],
  ['<${NONE:-}>', '<>'],
  ['${NONE:-a:-b}', 'a:-b'],
  ['${NONE:-${HOST}}', 'db'],
  ['${NONE:-${ALSO:-{${HOST}}}}', '{db}'],
  ['${NONE:-$$}', '$'],
  // What a variable holds is not looked at again.
  ['${TRICKY}', '${HOST} $$'],
  ['$${HOST}', '${HOST}', false],
  ['$$${HOST}', '$db'],
  ['pa$$word', 'pa$word', false],
  ['costs $5, $HOST and $', 'costs $5, $HOST and $', false],
]
for (const [text, result, hasVariables = true] of expanded) {
  test(`'${text}' becomes '${result}'`, () => {
    assert.deepEqual(expandVariables(text, valueOf), { type: 'expanded', text: result, hasVariables })
  })
}

const refused: readonly (readonly [text: string, refusal: object])[] = [
  ['${NONE}', { type: 'unset', variable: 'NONE', index: 0 }],
  ['a ${HOST} ${NONE}', { type: 'unset', variable: 'NONE', index: 10 }],
  ['a ${NONE:-b ${ALSO}}', { type: 'unset', variable: 'ALSO', index: 12 }],
  ['a ${', { type: 'malformed', index: 2 }],
  ['${}', { type: 'malformed', index: 0 }],
  ['${HOST', { type: 'malformed', index: 0 }],
  ['${HOST:-x', { type: 'malformed', index: 0 }],
  ['${HOST-x}', { type: 'malformed', index: 0 }],
  ['${1X}', { type: 'malformed', index: 0 }],
  ['${NONE:-a ${HOST x}}', { type: 'malformed', index: 10 }],
]
for (const [text, refusal] of refused) {
  test(`'${text}' is refused, with the place`, () => {
    assert.deepEqual(expandVariables(text, valueOf), refusal)
  })
}
