import { activityInfo, CompleteAsyncError } from 'perdure/activity'

/** Papers that somebody is to sign, with what ends the activity that waits for it. */
export type Desk = Map<string, Uint8Array>

export function createActivities(desk: Desk) {
  return {
    /** Ends when the paper is signed: until then no process needs to wait for it. */
    sign: async (paper: string): Promise<string> => {
      desk.set(paper, activityInfo().taskToken)
      throw new CompleteAsyncError()
    },
  }
}
