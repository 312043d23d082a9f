/**
 * Reads JSON whose shape is a vendor's promise and not a fact: a member of another type than expected is absent.
 * Responses are open; what is unknown or missing never fails a call here.
 */

/** A JSON object with members of any type. */
export type JsonRecord = { readonly [key: string]: unknown }

const none: JsonRecord = {}

/**
 * The value if it is an object, else an empty one.
 *
 * @example
 * ```ts
 * import * as Json from "@llm-layers/core/Json"
 * import { strictEqual } from "node:assert"
 *
 * const answer: unknown = JSON.parse(`{"usage":{"input_tokens":7}}`)
 * strictEqual(Json.number(Json.record(Json.record(answer)["usage"])["input_tokens"]), 7)
 * strictEqual(Json.number(Json.record(null)["input_tokens"]), undefined)
 * ```
 */
export const record = (value: unknown): JsonRecord => isRecord(value) ? value : none

/** Whether the value is an object, not an array. */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The value if it is a list, else an empty one. */
export const list = (value: unknown): ReadonlyArray<unknown> => Array.isArray(value) ? value : []

/** The value if it is a string. */
export const string = (value: unknown): string | undefined => typeof value === "string" ? value : undefined

/** The value if it is a finite number. */
export const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined

/** The record without the members that are `undefined`, at every depth of records; lists stay as they are. */
export const defined = (fields: JsonRecord): JsonRecord => {
  const out: { [key: string]: unknown } = {}
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    if (value !== undefined) out[key] = isPlain(value) ? defined(value) : value
  }
  return out
}

const isPlain = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Seconds since 1970, as most vendors give times, in the form `effect/ai` takes. */
export const timestamp = (seconds: unknown): string | undefined => {
  const value = number(seconds)
  if (value === undefined) return undefined
  const date = new Date(value * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** The address if it is one that parses; a source with a broken address would fail the whole answer. */
export const url = (value: unknown): string | undefined => {
  const text = string(value)
  return text !== undefined && URL.canParse(text) ? text : undefined
}
