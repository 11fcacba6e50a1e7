/** The files of a new project, as `perdure init` writes them. Pure. */

export interface ProjectFacts {
  /** Of the folder; becomes the name of the package. */
  readonly name: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

export function projectFiles(facts: ProjectFacts): Readonly<Record<string, string>> {
  return {
    'package.json': json(manifest(facts)),
    'tsconfig.json': json({ compilerOptions }),
    'perdure.yaml': configuration,
    'workflows.ts': workflows,
    'activities.ts': activities,
    'main.ts': main,
    '.gitignore': 'node_modules/\nperdure.db*\n',
  }
}

function manifest({ name, dependencies, optionalDependencies }: ProjectFacts): object {
  return {
    name: packageName(name),
    private: true,
    type: 'module',
    scripts: { start: 'node main.ts', dev: 'perdure dev' },
    engines: { node: '>=24' },
    dependencies,
    ...(Object.keys(optionalDependencies).length === 0 ? {} : { optionalDependencies }),
  }
}

/** npm takes lower case, digits, hyphens, dots and underscores, and begins with none of the latter two. */
export function packageName(folder: string): string {
  const name = folder.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-').replaceAll(/^[-._]+|[-._]+$/g, '').slice(0, 100)
  return ['', 'perdure', 'node_modules'].includes(name) ? 'workflows' : name
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** For editors and the compiler; Node.js runs the files as they are. */
const compilerOptions = {
  module: 'nodenext', target: 'es2024', strict: true, noEmit: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
}

const configuration = `# yaml-language-server: $schema=./node_modules/perdure/perdure.schema.json
# Everything here may be left out, and variables of the environment win over it.

# A SQLite file beside this one. Many machines share postgres://user:\${DATABASE_PASSWORD}@host/database
url: perdure.db
task_queue: default

worker:
  max_concurrent_activities: 100

logging:
  level: warn
`

const workflows = `// What happens, in which order. Results are recorded: after a crash it goes on behind the last one.
import { proxyActivities, sleep } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { greeting } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

export async function greet(name: string): Promise<string> {
  const text = await greeting(name)
  await sleep('1 second') // seconds or months: no process needs to live that long
  return text
}
`

const activities = `// What workflows do in the world: ordinary functions, retried until they succeed.
export async function greeting(name: string): Promise<string> {
  return \`Hello, \${name}!\`
}
`

const main = `// Runs workflows and activities, starts one execution and waits for its result: npm start
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

const engine = await Engine.fromConfig()
engine.workflows.register(workflows)
engine.activities.register(activities)
await engine.start()

const handle = await engine.workflows.start(workflows.greet, {
  workflowId: 'greet-world',
  workflowIdConflictPolicy: 'USE_EXISTING', // after a crash: the one that goes on
  args: ['World'],
})
console.log(await handle.result())
await engine.stop()
`
