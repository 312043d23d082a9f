/** An error of a connection as a cassette keeps it, and made again from that. */
import type * as Cassette from "../../Cassette.ts"
import type { Scrub } from "./scrub.ts"

const deepest = 4

/** Name, message and code of the error and of those below it. */
export const encodeError = (thrown: unknown, scrub: Scrub, level = 1): Cassette.ConnectionError => {
  if (!(thrown instanceof Error)) return { name: "Error", message: scrub.text(String(thrown)) }
  const cause = thrown.cause === undefined || level === deepest
    ? undefined
    : encodeError(thrown.cause, scrub, level + 1)
  return {
    name: thrown.name,
    message: scrub.text(thrown.message),
    ...("code" in thrown && typeof thrown.code === "string" ? { code: thrown.code } : undefined),
    ...(cause === undefined ? undefined : { cause })
  }
}

/** `fetch` fails with a `TypeError`, and programs look at that. */
export const decodeError = (kept: Cassette.ConnectionError): Error => {
  const cause = kept.cause === undefined ? undefined : { cause: decodeError(kept.cause) }
  if (kept.name === "AbortError" || kept.name === "TimeoutError") return new DOMException(kept.message, kept.name)
  const error = kept.name === "TypeError" ? new TypeError(kept.message, cause) : new Error(kept.message, cause)
  error.name = kept.name
  return kept.code === undefined ? error : Object.assign(error, { code: kept.code })
}
