/** A Node that is too old: the machine's own, where it is, else this one under another number. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @returns the folder of its program `node` */
export function olderNode(folder: string): string {
  const own = (process.env['PATH'] ?? '').split(delimiter).find((each) => {
    const [, major] = /^v(\d+)\./.exec(spawnSync(join(each, 'node'), ['--version'], { encoding: 'utf8' }).stdout ?? '') ?? []
    return major !== undefined && Number(major) < 24
  })
  return own ?? renumbered(folder)
}

function renumbered(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const set = (owner: string, name: string, value: string) => `Object.defineProperty(${owner}, '${name}', { value: '${value}' })`
  writeFileSync(join(folder, 'older.mjs'), `${set('process.versions', 'node', '20.20.0')}\n${set('process', 'version', 'v20.20.0')}\n`)
  const script = `#!/bin/sh\nexec "${process.execPath}" --import "${join(folder, 'older.mjs')}" "$@"\n`
  writeFileSync(join(folder, 'node'), script, { mode: 0o755 })
  return folder
}
