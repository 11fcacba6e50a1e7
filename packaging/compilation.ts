/**
 * The sources of all packages as JavaScript and type declarations, by tsc.
 *
 * Without source maps: what comes out is the source without its types, comments and all, so that a stack names a file and
 * a line that are there to be read. With maps and the sources in them the packages would be two and a half times as large,
 * and a process with --enable-source-maps would show paths that no longer exist.
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Compiles into `folder`, as `<package>/src/...`. @throws with what tsc says */
export function compileTo(folder: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '-p', join(import.meta.dirname, 'tsconfig.json'), '--outDir', folder]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The packages do not compile (npm run types shows the same):\n${stdout}${stderr}`)
  for (const file of globSync('**/*.d.ts', { cwd: folder })) {
    const path = join(folder, file)
    writeFileSync(path, withJavaScriptImports(readFileSync(path, 'utf8')))
  }
}

/** tsc leaves `./x.ts` in declarations, where no `x.ts` will be. Examples in comments are what users write: they stay. */
export function withJavaScriptImports(declarations: string): string {
  const lines = declarations.split('\n')
  return lines.map((line) => (/^\s*\/?\*/.test(line) ? line : line.replaceAll(relativeImport, '$1.js$2'))).join('\n')
}

const relativeImport = /((?:\bfrom |\bimport |\bimport\()['"]\.{1,2}\/[^'"]*)\.ts(['"])/g
