import type { Json } from "../json.ts"
import type { Kept } from "./Expectation.ts"

/** Every text in a value but the vendor's names of types and states, which a decoder may know by another word. */
export const keptLeaves = (what: string, value: Json | undefined): ReadonlyArray<Kept> => {
  if (value === null || typeof value !== "object") {
    return typeof value === "string" && value !== "" ? [{ what, value }] : []
  }
  return Object.entries(value).flatMap(([key, child]: [string, Json]) =>
    key === "type" || key === "status" ? [] : keptLeaves(`${what}.${key}`, child)
  )
}
