import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withJavaScriptImports } from '../../packaging/compilation.ts'
import { type Manifest, publishedManifest } from '../../packaging/published-manifest.ts'

const manifest: Manifest = {
  name: '@perdure/example', version: '1.2.3', description: 'An example', license: 'MIT', type: 'module', engines: { node: '>=24' },
  sideEffects: ['./src/index.ts', './bin/example.mjs'], files: ['bin'],
  exports: { '.': './src/index.ts', './schema.json': './schema.json' },
  dependencies: { '@perdure/workflow': '1.2.3', 'pg': '^8.0.0' },
}
const siblings = new Map([['@perdure/workflow', '1.2.3']])

test('a published package names what was built, with its types first', () => {
  const { exports, files, sideEffects } = publishedManifest(manifest, siblings)
  assert.deepEqual(exports, {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './schema.json': './schema.json',
    './package.json': './package.json',
  })
  assert.deepEqual(Object.keys(exports['.'] ?? {}), ['types', 'default'])
  assert.deepEqual(files, ['dist', 'bin'])
  assert.deepEqual(sideEffects, ['./dist/index.js', './bin/example.mjs'])
})

test('a published package has nothing of the workspace', () => {
  const ofWorkspace = { scripts: { test: 'node --test' }, devDependencies: { typescript: '7' }, private: true }
  const published = publishedManifest({ ...manifest, ...ofWorkspace }, siblings)
  assert.deepEqual(Object.keys(published).filter((key) => key in ofWorkspace), [])
})

test('a package that lacks something, or wants a sibling in another version, is not published', () => {
  const { description: _, ...lacking } = manifest
  assert.throws(() => publishedManifest(lacking as Manifest, siblings), /package\.json of @perdure\/example lacks description/)
  const later = new Map([['@perdure/workflow', '1.3.0']])
  assert.throws(() => publishedManifest(manifest, later), /wants @perdure\/workflow 1\.2\.3, which is 1\.3\.0/)
})

test('declarations import JavaScript, and their examples stay as users write them', () => {
  const declarations = [
    "import type { A } from './a.ts'", "export { b } from '../b.ts'", "declare const c: import('./c.ts').C", "import './d.ts'",
    " * import * as activities from './activities.ts'", "import { e } from 'e.ts'",
  ]
  assert.deepEqual(withJavaScriptImports(declarations.join('\n')).split('\n'), [
    "import type { A } from './a.js'", "export { b } from '../b.js'", "declare const c: import('./c.js').C", "import './d.js'",
    " * import * as activities from './activities.ts'", "import { e } from 'e.ts'",
  ])
})
