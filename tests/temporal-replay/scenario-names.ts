/** The workflows of scenario-workflows/ are written for Temporal: here they are ours by a change of their imports. */
import { registerHooks } from 'node:module'

const ours: Readonly<Record<string, string>> = { '@temporalio/workflow': 'perdure/workflow', '@temporalio/common': 'perdure/workflow' }
const folders = ['scenario-workflows/', '../parity/'].map((folder) => new URL(folder, import.meta.url).href)

registerHooks({
  resolve: (specifier, context, next) => {
    const isScenario = folders.some((folder) => context.parentURL?.startsWith(folder) === true)
    return next(isScenario ? ours[specifier] ?? specifier : specifier, context)
  },
})
