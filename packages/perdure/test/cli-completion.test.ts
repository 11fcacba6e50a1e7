import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { completedCommands } from '../src/cli/completion-tree.ts'
import { createProgram } from '../src/cli/main.ts'
import { runHere } from './cli-here.ts'
import { folder, run } from './cli-process.ts'

const shells = ['bash', 'zsh', 'fish'] as const
const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).error === undefined

/** What is typed, and what a TAB at its end offers. */
const cases: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['perdure work', ['worker', 'workflow']],
  ['perdure workflow st', ['start', 'start-many']],
  ['perdure -n workflow task-queue l', ['limit', 'list']],
  ['perdure workflow list --st', ['--status']],
  ['perdure workflow list --status TIM', ['TIMED_OUT']],
  ['perdure workflow start --id-conflict-policy F', ['FAIL']],
  ['perdure worker start --log-level s', ['silent']],
  ['perdure migrate -o js', ['json', 'jsonl']],
  ['perdure completion ', ['bash', 'fish', 'zsh']],
  ['perdure workflow start -w wor', []],
  ['perdure dev --workflows orders.', ['orders.ts']],
  ['perdure -d orders.', ['orders.ts']],
]

/** Scripts that print what is offered for each line typed, a line each. */
const asked: Readonly<Record<string, string>> = {
  bash: `source ./script
    offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _perdure 2>/dev/null; echo "\${COMPREPLY[*]}"; }
    ${cases.map(([typed]) => `offer ${typed.split(' ').map((word) => `'${word}'`).join(' ')}`).join('\n')}`,
  fish: `source ./script\n${cases.map(([typed]) => `echo (complete -C '${typed}' | string split -f1 \\t)`).join('\n')}`,
}

for (const [shell, script] of Object.entries(asked).filter(([shell]) => isInstalled(shell))) {
  test(`${shell} completes commands, options, choices and files`, async (t) => {
    const cwd = folder(t, { 'orders.ts': '' })
    const { stdout: completion } = await runHere(t, ['completion', shell], { cwd })
    const source = join(folder(t, { script: completion }), 'script')
    const { status, stdout, stderr } = spawnSync(shell, ['-c', script.replace('./script', source)], { cwd, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const offered = stdout.trimEnd().split('\n').map((line) => line.split(' ').filter((word) => word !== '').sort())
    assert.deepEqual(offered, cases.map(([, words]) => words))
  })
}

for (const shell of shells.filter(isInstalled)) {
  test(`${shell} understands its script, which knows every command and flag`, async (t) => {
    const cwd = folder(t)
    const { stdout } = await runHere(t, ['completion', shell], { cwd })
    const { status, stderr } = spawnSync(shell, ['-n', join(folder(t, { script: stdout }), 'script')], { encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''])
    for (const { path, options } of completedCommands(createProgram())) {
      assert.ok(stdout.includes(path), path)
      for (const flag of options.flatMap(({ flags }) => flags)) {
        assert.match(stdout, shell === 'fish' ? new RegExp(` -[sl] ${flag.replace(/^-+/, '')} `) : new RegExp(`[ ('"]${flag}[ :"]`))
      }
    }
  })
}

test('a flag has a value of one kind in all commands, as the scripts take it to be', () => {
  const kinds = new Map<string, unknown>()
  for (const { options } of completedCommands(createProgram())) {
    for (const { flags, value } of options) {
      for (const flag of flags) {
        assert.deepEqual(value, kinds.get(flag) ?? value, flag)
        kinds.set(flag, value)
      }
    }
  }
})

test('the script is printed on stdout, and another shell is refused with those that there are', async (t) => {
  const cwd = folder(t)
  const { code, stdout, stderr } = await run(['completion', 'bash'], { cwd })
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, /\ncomplete -F _perdure perdure\n$/)
  const wrong = await runHere(t, ['completion', 'tcsh'], { cwd })
  assert.match(wrong.stderr, /^error USAGE_INVALID: .*'tcsh' is invalid.* Allowed choices are bash, zsh, fish/)
})
