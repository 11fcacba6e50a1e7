/** The code of the README, as its readers have it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

/** The code blocks of a Markdown text that are marked with this language. */
export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((found) => found[1] ?? '')
}

/** The files of the first workflow, by name. */
export function firstWorkflow(): Record<string, string> {
  return Object.fromEntries(blocksOf(readme, 'ts').map((block) => {
    const [, name] = /^\/\/ (\S+\.ts)\n/.exec(block) ?? []
    assert.ok(name !== undefined, `a block of the README does not name its file:\n${block}`)
    return [name, block]
  }))
}
