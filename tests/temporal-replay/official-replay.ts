/** Replays histories with Temporal's own SDK: the same workflow files, with its package in place of ours. Needs no server. */
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { TemporalHistory } from 'perdure/testing'

export interface OfficialResult {
  readonly workflowId: string
  readonly error: string | undefined
}

/** @param workflowsPath file whose exports are the workflows */
export async function officialReplay(
  workflowsPath: string, histories: readonly { readonly workflowId: string; readonly history: TemporalHistory }[],
): Promise<readonly OfficialResult[]> {
  quietRuntime()
  const options = { workflowBundle: await sharedBundle(workflowsPath), workflowFailureErrorTypes: { '*': ['Error'] } }
  const results: OfficialResult[] = []
  const given = histories.map(({ workflowId, history }) => ({ workflowId, history: structuredClone(history) as never }))
  for await (const { workflowId, error } of Worker.runReplayHistories(options, given)) {
    results.push({ workflowId, error: error?.message })
  }
  return results
}

let installed = false

export function quietRuntime(): void {
  if (!installed) Runtime.install({ logger: silent, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } })
  installed = true
}

const silent = new DefaultLogger('ERROR', () => undefined)

/** For the official worker: its `@temporalio/workflow` in place of our package. */
export function sharedBundle(workflowsPath: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath, logger: silent,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: {
          ...(config.resolve?.alias as Readonly<Record<string, string>> | undefined),
          'perdure/workflow': '@temporalio/workflow', '@perdure/workflow': '@temporalio/workflow',
        },
      },
    }),
  })
}
