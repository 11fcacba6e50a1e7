/** Replays histories with Temporal's own SDK: the same workflow files, with its package in place of ours. Needs no server. */
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import type { TemporalHistory } from 'perdure/testing'

export interface OfficialResult {
  readonly workflowId: string
  readonly error: string | undefined
}

let installed = false

/** @param workflowsPath file whose exports are the workflows */
export async function officialReplay(
  workflowsPath: string, histories: readonly { readonly workflowId: string; readonly history: TemporalHistory }[],
): Promise<readonly OfficialResult[]> {
  const logger = new DefaultLogger('ERROR', () => undefined)
  if (!installed) Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } })
  installed = true
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath, logger,
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
  const results: OfficialResult[] = []
  const given = histories.map(({ workflowId, history }) => ({ workflowId, history: structuredClone(history) as never }))
  const options = { workflowBundle, workflowFailureErrorTypes: { '*': ['Error'] } }
  for await (const { workflowId, error } of Worker.runReplayHistories(options, given)) {
    results.push({ workflowId, error: error?.message })
  }
  return results
}
