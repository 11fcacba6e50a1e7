/**
 * The programs of measured processes, compiled, on packages as npm installs them. Run from sources, each process would hold Node's
 * TypeScript loader too, once for each thread: some 45 MiB that no user has.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stageAll } from '../packaging/staging.ts'
import type { EngineName } from './engine-adapter.ts'

export interface Programs {
  /** @param program a file of this folder, as in `engine-process.ts` */
  pathOf(program: string, engine: EngineName): string
  /** Works twice. */
  remove(): void
}

const root = join(import.meta.dirname, '..')

/** The others are in `peers/`, with packages of their own. */
const compiledEngines: ReadonlySet<EngineName> = new Set(['perdure', 'floor', 'dbos'])

/** Below the repository, where its dependencies are found. @throws with what tsc says */
export function compilePrograms(): Programs {
  mkdirSync(join(root, '.bench'), { recursive: true })
  const folder = mkdtempSync(join(root, '.bench/programs-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    for (const { name, folder: staged } of stageAll(join(folder, 'staged'))) link(staged, join(folder, 'node_modules', name))
    compile(folder)
  } catch (error) {
    remove()
    throw error
  }
  return {
    pathOf: (program, engine) => compiledEngines.has(engine)
      ? join(folder, 'benchmarks', program.replace(/\.ts$/, '.js'))
      : join(import.meta.dirname, program),
    remove,
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path, 'junction')
}

function compile(folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '-p', join(import.meta.dirname, 'tsconfig.programs.json'), '--outDir', join(folder, 'benchmarks')]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The benchmark's programs do not compile (npm run types shows more):\n${stdout}${stderr}`)
}
