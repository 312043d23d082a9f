/** A number of some unit, as a header writes it. */
const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && text.trim() !== "" && Number(text) >= 0 ? Number(text) : undefined

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `6m0s`, `120ms`: how OpenAI says when a limit starts anew. */
const spanOf = (text: string): number | undefined => {
  const pieces = [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)]
  if (pieces.length === 0 || pieces.map(([piece]) => piece).join("") !== text) return numberOf(text)
  return pieces.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0)
}

/** The longest wait of the limits that have nothing left. A date has long passed and asks for nothing. */
const ofSpentLimits = (headers: Readonly<Record<string, string>>): number | undefined => {
  const waits = Object.keys(headers)
    .filter((name) => /ratelimit/.test(name) && name.includes("remaining") && Number(headers[name]) === 0)
    .map((name) => headers[name.replace("remaining", "reset")])
    .flatMap((reset) => reset === undefined ? [] : [/^\d{4}-/.test(reset) ? 0 : spanOf(reset) ?? 0])
  return waits.length === 0 ? undefined : Math.max(...waits)
}

/** `Wed, 21 Oct 2015 07:28:00 GMT`, and the same with the year first. */
const isDate = (text: string): boolean => /^(?:[A-Z][a-z]{2},? |\d{4}-)/.test(text) && !Number.isNaN(Date.parse(text))

/**
 * The wait an answer asks for, in milliseconds: `retry-after-ms`, `retry-after` in seconds or as a date, or the reset of a
 * limit that is used up. A date in a recording has long passed: there is nothing to wait for.
 */
export const readRetryAfter = (headers: Readonly<Record<string, string>>): number | undefined => {
  const millis = numberOf(headers["retry-after-ms"])
  if (millis !== undefined) return millis
  const asked = headers["retry-after"]
  const seconds = numberOf(asked)
  if (seconds !== undefined) return seconds * 1000
  return asked !== undefined && isDate(asked) ? 0 : ofSpentLimits(headers)
}
