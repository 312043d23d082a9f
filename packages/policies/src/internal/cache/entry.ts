/** What is kept of an answer, and what it says when it is given out again. */
import * as Metadata from "@llm-layers/core/Metadata"
import * as Usage from "@llm-layers/core/Usage"
import * as Response from "effect/ai/Response"
import * as Toolkit from "effect/ai/Toolkit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { format } from "./requestKey.ts"

type Part = Response.PartEncoded | Response.StreamPartEncoded

/**
 * An entry. `at` is milliseconds since 1970. The key is in it, because a connection that lost its place gives the answers
 * of other questions.
 */
export const encode = (key: string, parts: ReadonlyArray<Part>, at: number): object => ({ format, key, at, parts })

/**
 * The parts of an entry that is no older than the time to live, in milliseconds, else `undefined`. The age is looked at
 * here as well as in the store: one from the future is of a clock that was put back, and would live on.
 */
export const decode = <P extends Part>(
  key: string,
  value: unknown,
  now: number,
  timeToLive: number
): Array<P> | undefined => {
  const entry = open(key, value, now, timeToLive)
  const parts = entry !== undefined && "parts" in entry ? entry.parts : undefined
  if (!Array.isArray(parts) || parts.length === 0 || !parts.every(isPart)) return undefined
  if (parts.findIndex((part) => part.type === "finish") !== parts.length - 1) return undefined
  // The key says which way they were given, and with it which kinds of parts there are.
  return parts as ReadonlyArray<Part> as Array<P>
}

/** An entry of the key that is young enough. A store gives whatever JSON it has. */
export const open = (key: string, value: unknown, now: number, timeToLive: number): object | undefined =>
  typeof value === "object" && value !== null && "format" in value && value.format === format &&
    "key" in value && value.key === key &&
    "at" in value && typeof value.at === "number" && Math.abs(now - value.at) < timeToLive
    ? value
    : undefined

/** Most parts of a stream are pieces: the schema, which costs more, judges the others. */
const isPart = (part: unknown): boolean => {
  if (typeof part !== "object" || part === null || !("type" in part)) return false
  // Of an object any member may be asked for.
  const { id, metadata, name } = part as { readonly id?: unknown; readonly metadata?: unknown; readonly name?: unknown }
  if (metadata !== undefined && (typeof metadata !== "object" || metadata === null)) return false
  switch (part.type) {
    case "text-delta":
    case "reasoning-delta":
    case "tool-params-delta":
      return typeof id === "string" && "delta" in part && typeof part.delta === "string"
    case "tool-call":
      return typeof id === "string" && typeof name === "string" && "params" in part
    case "tool-result":
      return typeof id === "string" && typeof name === "string" && "result" in part && "isFailure" in part
    default:
      return Option.isSome(decodePart()(part))
  }
}

// Made when first needed: a program that starts does not wait for it.
const decodePart = () => decoder ??= Schema.decodeUnknownOption(Response.AllParts(Toolkit.empty))
let decoder: ((part: unknown) => Option.Option<unknown>) | undefined

/** Of an answer that this call did not pay for: why. */
export type Source = "cached" | "joined"

const nothing = Usage.make({ inputTotal: 0, outputTotal: 0 })

/** Parts as they are given to a call that nothing was asked for. */
export const unpaid = <P extends Part>(parts: ReadonlyArray<P>, source: Source): Array<P> =>
  parts.map((part) => unpaidPart(part, source))

const unpaidPart = <P extends Part>(part: P, source: Source): P => {
  if (part.type !== "finish" && part.type !== "response-metadata") return part
  // Parts type their metadata by provider; every value of it is JSON, which is what `Metadata` says.
  const given = (part.metadata ?? {}) as Metadata.Metadata
  const { costUsd, usage, ...facts } = membersOf(given[Metadata.namespace])
  const own = part.type === "finish"
    ? {
      ...facts,
      cached: true,
      joined: source === "joined" ? true : undefined,
      originalUsage: part.usage,
      originalCostUsd: costUsd
    }
    // Where a vendor counts early.
    : { ...facts, usage: usage === undefined ? undefined : nothing }
  const { [Metadata.namespace]: _, ...others } = given
  const metadata = { ...others, ...Metadata.make(Metadata.namespace, own) }
  return part.type === "finish" ? { ...part, usage: nothing, metadata } : { ...part, metadata }
}

const membersOf = (value: unknown): { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null ? { ...value } : {}
