/** Preloaded: for this process and its threads it is ten years later. */
const laterMs = 10 * 365 * 24 * 3_600_000
const { now } = Date
Date.now = () => now() + laterMs
