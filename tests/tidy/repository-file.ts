/** The files of the repository as the rules see them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RepositoryFile {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
}

const foldersIgnored = new Set(['node_modules', 'dist', '.git', '.bench', '.postgres', '.packages', 'coverage'])
const texts = /\.(ts|tsx|js|mjs|cjs|json|jsonc|md|ya?ml|sql|sh|toml|html|css|exs?|npmrc)$|(^|\/)(LICENSE|run|\.gitignore|\.npmrc)$/
const bytesMax = 1_000_000

export function readRepository(root: string): RepositoryFile[] {
  const paths: string[] = []
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !foldersIgnored.has(entry.name)) walk(path)
      if (entry.isFile() && texts.test(path)) paths.push(path)
    }
  }
  walk('')
  const files = paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  return files.filter((file) => file.text.length <= bytesMax)
}

export function isCode(file: RepositoryFile): boolean {
  return /\.tsx?$/.test(file.path) && !file.path.endsWith('.d.ts')
}

/** Tests and what only they use; *.spec.ts are those of other runners. */
export function isTest(path: string): boolean {
  return /\.(test|spec)\.tsx?$/.test(path) || path.startsWith('tests/') || /^packages\/[^/]+\/test\//.test(path)
}
