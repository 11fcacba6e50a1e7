#!/usr/bin/env node
// Plain JavaScript: it must run on any Node far enough to say which one is needed.
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'

const nodeMajorMin = 24
const sources = new URL('../src/cli/main.ts', import.meta.url)
const built = new URL('../dist/cli/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
  process.stderr.write(`error NODE_TOO_OLD: perdure needs Node.js ${nodeMajorMin} or later; this is ${process.version}\n`)
  process.exit(1)
}
// Halves the time of the second start: types are stripped and code is compiled once.
nodeModule.enableCompileCache()
const { runFromShell } = await import((existsSync(sources) ? sources : built).href)
await runFromShell()
