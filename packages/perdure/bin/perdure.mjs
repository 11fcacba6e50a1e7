#!/usr/bin/env node
// Plain JavaScript: it must run on any Node far enough to say which one is needed.
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { isAbsolute, relative } from 'node:path'

const nodeMajorMin = 24
const sources = new URL('../src/cli/main.ts', import.meta.url)
const built = new URL('../dist/cli/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
  const remedy = `install a later one, or put it first in PATH${ownNode()}`
  process.stderr.write(`error NODE_TOO_OLD: perdure needs Node.js ${nodeMajorMin} or later, and this is ${process.version}; ${remedy}\n`)
  process.exit(1)
}
returnToFolderOfUser()
// Halves the time of the second start: types are stripped and code is compiled once.
nodeModule.enableCompileCache()
const { runFromShell } = await import((existsSync(sources) ? sources : built).href)
await runFromShell()

// These packages put a node into node_modules/.bin, where npx and scripts of npm find it first.
function ownNode() {
  const system = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  if (!['linux-x64', 'linux-arm64', 'win-x64'].includes(system)) return ''
  return `; for this project alone: npm install node-${system}@${nodeMajorMin}`
}

// npx, typed somewhere below a workspace, runs its program in the workspace's own folder: paths and the default database
// are meant where it was typed. Only where npx ran this very program: what a script of npx starts has a folder of its own.
function returnToFolderOfUser() {
  const { npm_command: command, npm_lifecycle_script: script = '', INIT_CWD: typedIn } = process.env
  if (command !== 'exec' || typedIn === undefined || !/^['"]?perdure\b/.test(script)) return
  const below = relative(process.cwd(), typedIn)
  if (below !== '' && !below.startsWith('..') && !isAbsolute(below) && existsSync(typedIn)) process.chdir(typedIn)
}
