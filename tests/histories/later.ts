/** Preloaded: for this process and its threads it is later by so many milliseconds. */
const laterMs = Number(process.env['PERDURE_LATER_MS'])
const { now } = Date
Date.now = () => now() + laterMs
