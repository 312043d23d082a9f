/** Reading bodies whose shape the description has already checked. */
import * as Json from "@llm-layers/core/Json"
import type { Problem } from "../description/explain.ts"

/** A member of a body with its place. */
export interface Place {
  readonly path: string
  readonly value: Json.JsonRecord
}

/** The records of a list under a member, with their places. */
export const records = (of: unknown, member: string, base = ""): ReadonlyArray<Place> =>
  Json.list(Json.record(of)[member]).map((value, index) => ({
    path: `${base}/${member}/${index}`,
    value: Json.record(value)
  }))

export const problem = ({ path }: { readonly path: string }, message: string): Problem => ({ path, message })

/** Every record of a value, the value first. */
export const everyRecord = (value: unknown, path = ""): ReadonlyArray<Place> => {
  if (Array.isArray(value)) return value.flatMap((one, index) => everyRecord(one, `${path}/${index}`))
  if (!Json.isRecord(value)) return []
  return [{ path, value }, ...Object.entries(value).flatMap(([key, one]) => everyRecord(one, `${path}/${key}`))]
}

/** Values that are there more than once. */
export const repeated = (
  values: ReadonlyArray<unknown>
): ReadonlyArray<unknown> => [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
