/**
 * Every package as a tarball that npm installs. In the workspace packages name their TypeScript sources, which Node does
 * not run below node_modules; so they are compiled and put together in a temporary folder, and packed from there.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stageAll, type StagedPackage } from './staging.ts'

export interface Tarball {
  readonly name: string
  readonly version: string
  readonly path: string
  readonly bytes: number
  readonly unpackedBytes: number
  readonly files: number
}

const root = join(import.meta.dirname, '..')

/** Packs into `folder`, in place of the tarballs of earlier runs. */
export function packAll(folder: string): Tarball[] {
  const staging = mkdtempSync(join(tmpdir(), 'perdure-packages-'))
  try {
    return pack(stageAll(staging), resolve(folder))
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function pack(packages: readonly StagedPackage[], folder: string): Tarball[] {
  mkdirSync(folder, { recursive: true })
  for (const name of globSync('perdure-*.tgz', { cwd: folder })) rmSync(join(folder, name))
  const args = ['pack', '--silent', '--pack-destination', folder, ...packages.map((each) => each.folder)]
  const { status, error, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm pack failed: ${error?.message ?? stderr}`)
  return packages.map(({ name, version, folder: staged }) => {
    const path = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    const sizes = filesBelow(staged).map((file) => statSync(file).size)
    const unpackedBytes = sizes.reduce((sum, size) => sum + size, 0)
    return { name, version, path, bytes: statSync(path).size, unpackedBytes, files: sizes.length }
  })
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
