/** `${NAME}` and `${NAME:-default}` in a text; `$$` is a dollar sign. A dollar sign before anything else stands for itself. */

export type Expansion =
  | { readonly type: 'expanded'; readonly text: string; readonly hasVariables: boolean }
  /** @property index where it begins in the text */
  | { readonly type: 'unset'; readonly variable: string; readonly index: number }
  | { readonly type: 'malformed'; readonly index: number }

const opening = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(:-|\})/

/** As in a shell, the default also stands in for a variable that is set to nothing. It may hold variables itself. */
export function expandVariables(text: string, valueOf: (variable: string) => string | undefined): Expansion {
  let [expanded, hasVariables, index] = ['', false, 0]
  while (index < text.length) {
    const dollar = text.indexOf('$', index)
    const next = text[dollar + 1]
    if (dollar === -1 || next === undefined) break
    expanded += text.slice(index, dollar)
    index = dollar + 2
    if (next === '$') expanded += '$'
    else if (next !== '{') expanded += `$${next}`
    else {
      const variable = variableAt(text, dollar)
      if (variable === undefined) return { type: 'malformed', index: dollar }
      const value = valued(variable, dollar, valueOf)
      if (value.type !== 'expanded') return value
      expanded += value.text
      hasVariables = true
      index = variable.end
    }
  }
  return { type: 'expanded', text: expanded + text.slice(index), hasVariables }
}

interface Variable {
  readonly name: string
  readonly fallback: { readonly text: string; readonly start: number } | undefined
  /** Behind the closing brace. */
  readonly end: number
}

function valued({ name, fallback }: Variable, index: number, valueOf: (variable: string) => string | undefined): Expansion {
  const value = valueOf(name)
  if (value !== undefined && (value !== '' || fallback === undefined)) return { type: 'expanded', text: value, hasVariables: true }
  if (fallback === undefined) return { type: 'unset', variable: name, index }
  const inner = expandVariables(fallback.text, valueOf)
  return inner.type === 'expanded' ? inner : { ...inner, index: fallback.start + inner.index }
}

function variableAt(text: string, index: number): Variable | undefined {
  const [opened = '', name = '', separator] = opening.exec(text.slice(index)) ?? []
  if (separator === undefined) return undefined
  const start = index + opened.length
  if (separator === '}') return { name, fallback: undefined, end: start }
  const end = closingBrace(text, start)
  return end === -1 ? undefined : { name, fallback: { text: text.slice(start, end), start }, end: end + 1 }
}

/** Of the variable whose default begins at `start`: variables inside of it have braces of their own. */
function closingBrace(text: string, start: number): number {
  let depth = 1
  for (let index = start; index < text.length; index++) {
    if (text.startsWith('$$', index)) index++
    else if (text.startsWith('${', index)) depth++
    else if (text[index] === '}' && --depth === 0) return index
  }
  return -1
}
