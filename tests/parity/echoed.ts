/** What echo() was given, where scenarios and activities run in one process. */
export const echoed: unknown[] = []
