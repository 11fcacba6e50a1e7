/**
 * When a held execution may be claimed, in SQL: 0 for at once, null for not by itself.
 * ?3: the build of the worker; ?4: its workflow types as a JSON array.
 */
export const heldClaimAt = `case
  when held_code = 'unknown_workflow_type' then iif(workflow_type in (select value from json_each(?4)), 0, null)
  when held_build_id <> ?3 then 0
  when held_code = 'crash_loop' then null
  else wake_at end`
