/** The real program in a process of its own, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const program = join(import.meta.dirname, '../bin/perdure.mjs')

/** What would configure the program, or colour it. */
export const foreignVariable = /^(PERDURE_.*|TEMPORAL_.*|DATABASE_URL|FORCE_COLOR)$/

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunSettings {
  readonly cwd: string
  /** `open`: the test writes to it, and ends it. */
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with what stdout holds once it matches; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<string>
  /** The same for stderr. */
  complained(pattern: RegExp): Promise<string>
}

export function start(args: readonly string[], { cwd, env = {}, stdin }: RunSettings): Running {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreignVariable.test(name)))
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...inherited, ...env }, stdio: 'pipe' })
  let [stdout, stderr] = ['', '']
  const listeners = new Set<() => void>()
  const heard = () => {
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    heard()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard()
  })
  child.stdin.on('error', () => {})
  if (stdin !== 'open') child.stdin.end(stdin ?? '')
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return {
    child, ended,
    printed: (pattern) => untilPrinted(pattern, () => stdout, listeners, ended),
    complained: (pattern) => untilPrinted(pattern, () => stderr, listeners, ended),
  }
}

function untilPrinted(pattern: RegExp, text: () => string, listeners: Set<() => void>, ended: Promise<Ended>): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!pattern.test(text())) return
      listeners.delete(look)
      resolve(text())
    }
    listeners.add(look)
    look()
    ended.then(
      ({ stdout, stderr }) => reject(new Error(`It ended without printing ${String(pattern)}:\n${stdout}\n${stderr}`)),
      reject,
    )
  })
}

export function run(args: readonly string[], settings: RunSettings): Promise<Ended> {
  return start(args, settings).ended
}

/** A folder that goes with the test, holding these files. */
export function folder(test: Pick<TestContext, 'after'>, files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'perdure-cli-'))
  test.after(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}
