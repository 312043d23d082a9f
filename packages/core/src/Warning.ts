/**
 * What a provider left out or changed although nobody asked for it to fail: said in the answer, never silent.
 */
import * as Metadata from "./Metadata.ts"

/** One warning. */
export interface Warning {
  /** The setting or part of the request it is about, as the caller names it. */
  readonly about: string
  readonly message: string
}

/** Metadata for the response-metadata part, which each answer of this project has. Empty without warnings. */
export const metadata = (warnings: ReadonlyArray<Warning>): Metadata.Metadata =>
  warnings.length === 0 ? {} : Metadata.make(Metadata.namespace, { warnings })

/**
 * The warnings of an answer, from its parts.
 *
 * @example
 * ```ts
 * import * as Warning from "@llm-layers/core/Warning"
 * import { deepStrictEqual } from "node:assert"
 *
 * const metadata = Warning.metadata([{ about: "temperature", message: "left out" }])
 * deepStrictEqual(Warning.of([{ type: "response-metadata", metadata }]), [
 *   { about: "temperature", message: "left out" }
 * ])
 * ```
 */
export const of = (
  parts: ReadonlyArray<{ readonly type: string; readonly metadata?: unknown }>
): ReadonlyArray<Warning> =>
  parts.flatMap((part) => {
    const all = part.type === "response-metadata"
      ? Metadata.get(part.metadata, Metadata.namespace, "warnings")
      : undefined
    return Array.isArray(all) ? all.filter(isWarning) : []
  })

// Narrows to a plain object first; only its two strings are looked at.
const isWarning = (value: unknown): value is Warning & Metadata.Metadata =>
  typeof value === "object" && value !== null &&
  "about" in value && typeof value.about === "string" &&
  "message" in value && typeof value.message === "string"
