/**
 * The scenarios' workflows and activities are written for Temporal. Here they run on Perdure by a change of their imports:
 * this hook makes it, for files under workflows/ and activities/ alone.
 */
import { registerHooks } from 'node:module'

const ours: Readonly<Record<string, string>> = {
  '@temporalio/workflow': 'perdure/workflow', '@temporalio/common': 'perdure/workflow', '@temporalio/activity': 'perdure/activity',
}
const folders = ['workflows', 'activities'].map((folder) => new URL(`./${folder}/`, import.meta.url).href)

registerHooks({
  resolve: (specifier, context, next) => {
    const isScenario = folders.some((folder) => context.parentURL?.startsWith(folder) === true)
    return next(isScenario ? ours[specifier] ?? specifier : specifier, context)
  },
})
