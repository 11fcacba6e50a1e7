/** What no file of the repository may hold, whatever its language: places of one machine, and hosts of a package registry. */
import type { Rule, Violation } from './rule.ts'
import type { RepositoryFile } from './repository-file.ts'

/** A home folder or a working folder of somebody's machine, not the path of a URL. */
const machinePath = /(?<![\w.:/])(\/(home|Users)\/\w[\w.-]*\/|\/root\/|\/work\/|\/workspaces?\/)|\b[A-Z]:\\Users\\/
const registryHost = /registry\.(npmjs|yarnpkg|npmmirror)\.|npm\.pkg\.github\.com|"resolved":\s*"https?:\/\//

export const machinePathRule = textRule('no file names a folder of one machine', machinePath, {
  problem: 'absolute path of one machine',
  remedy: 'Make it relative to the file (import.meta.dirname), or take it from os.tmpdir() or the environment.',
})

export const registryHostRule = textRule('no file names a package registry', registryHost, {
  problem: 'host of a package registry',
  remedy: 'npm install with omit-lockfile-registry-resolved=true (in .npmrc) leaves it out of the lock file; in prose, "the npm registry".',
})

function textRule(name: string, pattern: RegExp, finding: Pick<Violation, 'problem' | 'remedy'>): Rule {
  const check = (files: readonly RepositoryFile[]) => files.filter((file) => pattern.test(file.text)).flatMap((file) => {
    return file.text.split('\n').flatMap((text, index) => {
      const [found] = pattern.exec(text) ?? []
      return found === undefined ? [] : [{ path: file.path, line: index + 1, ...finding, problem: `${finding.problem}: ${found}` }]
    })
  })
  return { name, check }
}
