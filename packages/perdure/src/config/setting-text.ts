/** Settings as texts: how a text becomes a value, and how a value is shown in a message. */
import type { Kind } from './setting-keys.ts'

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true], ['yes', true], ['on', true], ['1', true], ['false', false], ['no', false], ['off', false], ['0', false],
])

/** Of a text from the environment; what does not fit the kind stays a text, for the schema to refuse. */
export function converted(text: string, kind: Kind): unknown {
  const trimmed = text.trim()
  switch (kind) {
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text
    case 'boolean':
      return booleans.get(trimmed.toLowerCase()) ?? text
    case 'list':
      return trimmed === '' ? [] : trimmed.split(',').map((each) => each.trim())
    case 'choice':
      return trimmed.toLowerCase()
    case 'text':
      return text
  }
}

export function shown(value: unknown, key: string): string {
  if (value === null || value === undefined || value === '') return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return 'a mapping'
  // The rest of a URL may hold a password.
  const [scheme] = (key !== 'url' ? /^$/ : value.includes('@') ? /^[^:/@]*[:/]*/ : /^[^:/]*:\/\//).exec(value) ?? []
  return scheme === undefined ? `'${value.slice(0, shownMax)}'` : `'${scheme}...'`
}
const shownMax = 100
