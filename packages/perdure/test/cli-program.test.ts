import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Command } from 'commander'
import { createProgram } from '../src/cli/main.ts'
import { folder, run } from './cli-process.ts'
import { refused } from './cli-here.ts'

/** Commands that do something, by their full names. */
function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  const name = [...path, command.name()]
  return command.commands.length === 0 ? [[name.join(' '), command]] : command.commands.flatMap((each) => leaves(each, name))
}

const commands = leaves(createProgram())

function flagsOf(command: Command): string[] {
  return command.options.map((option) => option.flags).filter((flags) => flags !== '-V, --version')
}

for (const [name, command] of commands) {
  test(`the help of "${name}" says what it does and lists its options and the global ones`, () => {
    const help = command.helpInformation()
    assert.ok(command.description().length > 10)
    assert.ok(help.startsWith(`Usage: ${name} [options]`), help)
    const globals = ['--config', '-d, --database', '-n, --namespace', '--engine-options', '-o, --output', '-h, --help']
    for (const flags of [...flagsOf(command), ...globals]) {
      assert.ok(help.includes(flags), `${flags} is not in:\n${help}`)
    }
    for (const option of command.options) assert.ok(option.description.length > 5, `${option.flags} has no description`)
  })
}

/** With what Commander adds only when it prints. */
function printedHelp(command: Command): string {
  const printed: string[] = []
  command.configureOutput({ writeOut: (text) => printed.push(text) })
  command.outputHelp()
  return printed.join('')
}

for (const [name, command] of commands) {
  test(`the help of "${name}" fits 80 columns and has examples, of options that it takes`, () => {
    const help = printedHelp(command)
    for (const line of help.split('\n')) assert.ok(line.length <= 80, line)
    const examples = [...help.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line = '']) => line)
    assert.ok(examples.length > 0, help)
    const taken = [...command.options, ...createProgram().options].flatMap((option) => [option.short, option.long])
    for (const example of examples) {
      assert.ok(`${example} `.startsWith(`npx ${name} `), example)
      for (const [, flag] of example.replaceAll(/'.*?'|".*?"/g, '').matchAll(/ (--?[a-z-]+)/g)) assert.ok(taken.includes(flag), example)
    }
  })
}

test('docs/cli.md has a section for each command, with exactly the options that it takes', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')
  const sections = new Map(text.split(/^### /m).slice(1).map((section): [string, string] => {
    const [, title = '', body = ''] = /^`([^`]+)`\n([\s\S]*)$/.exec(section.split(/^## /m)[0] ?? '') ?? []
    return [title, body]
  }))
  assert.deepEqual([...sections.keys()].sort(), commands.map(([name]) => name).sort())
  for (const [name, command] of commands) {
    const written = [...(sections.get(name) ?? '').matchAll(/`((?:-\w, )?--[\w-]+(?: <[\w.]+>)?)`/g)].map((found) => found[1] ?? '')
    assert.deepEqual([...new Set(written)].sort(), flagsOf(command).sort(), `options of ${name}`)
  }
})

test('the help is printed on stdout, with exit code 0', async (t) => {
  const cwd = folder(t)
  for (const args of [['--help'], ['workflow', 'start', '--help'], ['help', 'workflow']]) {
    const { code, stdout, stderr } = await run(args, { cwd })
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^Usage: perdure/)
  }
})

test('help of a command is printed for help in front of it, or of its group, too', async (t) => {
  const cwd = folder(t)
  const { stdout: wanted } = await run(['workflow', 'start', '--help'], { cwd })
  for (const args of [['help', 'workflow', 'start'], ['workflow', 'help', 'start']]) {
    const { code, stdout } = await run(args, { cwd })
    assert.deepEqual([code, stdout], [0, wanted])
  }
})

const mistyped: readonly [string, readonly string[], RegExp][] = [
  ['command', ['workflw'], /unknown command 'workflw' \(Did you mean workflow\?\)/],
  ['command without its group', ['list'], /unknown command 'list' \(Did you mean workflow list\?\)/],
  ['command to be helped with', ['help', 'workflw'], /unknown command 'workflw' \(Did you mean workflow\?\)/],
  ['command to be helped with, without a near match', ['help', 'foo'], /unknown command 'foo'; --help shows what there is/],
  ['subcommand to be helped with', ['workflow', 'help', 'lst'], /unknown command 'lst' \(Did you mean list\?\)/],
  ['command before --help', ['workflow', 'lst', '--help'], /unknown command 'lst' \(Did you mean list\?\)/],
  ['subcommand', ['workflow', 'lst'], /unknown command 'lst' \(Did you mean list\?\)/],
  ['option', ['workflow', 'list', '--limt', '3'], /unknown option '--limt' \(Did you mean --limit\?\)/],
  ['option for a required one', ['workflow', 'update', '-w', 'x', '--nam', 'a'], /unknown option '--nam' \(Did you mean --name\?\)/],
  ['start of one', ['workflow', 'update', '-w=x', '--name=a', '--wait-for=accepted'], /'--wait-for' \(Did you mean --wait-for-stage\?\)/],
  ['short option', ['workflow', 'describe', '-w', 'x', '-q'], /unknown option '-q'; --help shows what there is/],
  ['number', ['workflow', 'list', '--limit', 'many'], /whole number from 1 to 1000/],
  ['status', ['workflow', 'list', '--status', 'runing'], /did you mean 'RUNNING'\?/],
  ['format', ['workflow', 'list', '-o', 'yaml'], /Allowed choices are text, json, jsonl; --help/],
  ['start without a type', ['workflow', 'start'], /required option '--type <name>' not specified/],
]
for (const [what, args, message] of mistyped) {
  test(`a wrong ${what} gives one line that says what is right`, async (t) => {
    const stderr = await refused(t, args, { cwd: folder(t) })
    assert.match(stderr, /^error USAGE_INVALID: [^\n]*\n$/)
    assert.match(stderr, message)
  })
}

test('with -o json an error is an object on stderr, wherever the option stands', async (t) => {
  const cwd = folder(t)
  const lines = ['-o json workflow lst', 'workflow list --limt 3 --output=json', 'workflow show -ojson']
  for (const args of lines.map((line) => line.split(' '))) {
    const { code, stdout, stderr } = await run(args, { cwd })
    assert.deepEqual([code, stdout], [1, ''])
    assert.equal((JSON.parse(stderr) as { error: { code: string } }).error.code, 'USAGE_INVALID')
  }
})

const readers: readonly string[] = [
  'workflow list', 'workflow count', 'workflow describe -w x', 'workflow show -w x', 'workflow result -w x',
  'workflow signal -w x --name go', 'workflow query -w x --name state', 'workflow cancel -w x', 'workflow terminate -w x',
  'worker list', 'task-queue list', 'task-queue describe', 'task-queue limit --max-concurrent-activities 1', 'namespace list',
  'namespace describe',
]
for (const args of readers) {
  test(`${args} on a file that does not exist says so, and does not make it`, async (t) => {
    const cwd = folder(t)
    const stderr = await refused(t, args.split(' '), { cwd })
    assert.match(stderr, /^error DATABASE_NOT_FOUND: There is no database .*perdure\.db \(the default\); `perdure dev` makes one/)
    assert.equal(existsSync(join(cwd, 'perdure.db')), false)
  })
}

test('a database in what is no folder is not there', async (t) => {
  const cwd = folder(t, { 'a.db': '' })
  assert.match(await refused(t, ['workflow', 'list', '-d', 'a.db/b.db'], { cwd }), /^error DATABASE_NOT_FOUND: There is no .*b\.db/)
})

test('a URL that is mistyped is not taken for a file', async (t) => {
  const stderr = await refused(t, ['workflow', 'list', '-d', 'postgres//app:secret@db/app'], { cwd: folder(t) })
  assert.match(stderr, /^error ENGINE_OPTIONS_INVALID: The database begins with 'postgres\/\/', without the colon of a URL/)
  assert.doesNotMatch(stderr, /secret/)
})

for (const args of readers) {
  test(`${args} on the database of an application refuses it, and changes nothing`, async (t) => {
    const cwd = folder(t)
    const database = new DatabaseSync(join(cwd, 'app.db'))
    database.exec('create table orders (id integer primary key)')
    database.close()
    const before = readFileSync(join(cwd, 'app.db'))
    const stderr = await refused(t, [...args.split(' '), '-d', 'app.db'], { cwd })
    assert.match(stderr, /^error SCHEMA_MISSING: The database .*app\.db holds no tables of Perdure \(given with --database\): name another/)
    assert.match(stderr, /or make them there: npx perdure migrate -d app\.db\n$/)
    assert.deepEqual([readFileSync(join(cwd, 'app.db')), readdirSync(cwd)], [before, ['app.db']])
  })
}

test('a missing database is named with where its name came from, and with the files that are there', async (t) => {
  const cwd = folder(t, { 'orders.db': '' })
  const fromFlag = await refused(t, ['workflow', 'list', '-d', 'order.db'], { cwd, env: { PERDURE_DATABASE: 'env.db' } })
  assert.match(fromFlag, /order\.db \(given with --database\); there is orders\.db: name it with --database/)
  const fromEnvironment = await refused(t, ['workflow', 'list'], { cwd, env: { PERDURE_DATABASE: 'one.db', DATABASE_URL: 'two.db' } })
  assert.match(fromEnvironment, /one\.db \(from \$PERDURE_DATABASE\)/)
  const fromUrl = await refused(t, ['workflow', 'list'], { cwd, env: { DATABASE_URL: 'two.db' } })
  assert.match(fromUrl, /two\.db \(from \$DATABASE_URL\)/)
})

const wrongInputs: readonly [string, readonly string[], RegExp][] = [
  ['a bare word', ['-i', 'World'],
    /error INPUT_INVALID: Argument 1 of --input is not JSON .*: a text needs quotes of its own: --input '"World"'/],
  ['a version', ['-i', '1.8.0'], /a text needs quotes of its own: --input '"1\.8\.0"'/],
  ['broken JSON', ['-i', '1', '-i', '{"a":'], /Argument 2 of --input is not JSON .*write JSON between single quotes/],
  ['nothing', ['-i', ''], /Argument 1 of --input is not JSON .*it is empty/],
  ['a file that is not there', ['--input-file', 'none.json'], /The file none\.json of --input-file does not exist/],
  ['a file of no JSON', ['--input-file', 'order.json'],
    /The file order\.json is not JSON .*: it is to hold one argument as JSON, as in \{"amount": 5\} or "a text"\n/],
  ['two sources', ['-i', '1', '--input-file', 'order.json'], /error USAGE_INVALID: .*not with both/],
]
for (const [what, args, message] of wrongInputs) {
  test(`input from ${what} is refused before the database is touched`, async (t) => {
    const cwd = folder(t)
    writeFileSync(join(cwd, 'order.json'), '{ amount: 5 }')
    assert.match(await refused(t, ['workflow', 'start', '--type', 'greet', ...args], { cwd }), message)
    assert.equal(existsSync(join(cwd, 'perdure.db')), false)
  })
}
