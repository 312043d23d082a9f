/** Who answered, and who failed before that and why: in the metadata of an answer and of an error. */
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Response from "effect/ai/Response"

/** A member, as far as it says who it is: a `Model` does, another Layer does not. */
export interface Identity {
  /** Its place among the members, from 0. */
  readonly member: number
  readonly provider?: string | undefined
  readonly model?: string | undefined
}

/** A member that failed. */
export interface Failure extends Identity {
  readonly kind: ErrorKind.Name
  readonly message: string
  /** What it had answered before it failed, where anything. */
  readonly partial?: ProviderError.PartialAnswer | undefined
}

/** The member that answered, and those that failed before it. */
export interface Answered extends Identity {
  readonly failed: ReadonlyArray<Failure>
}

const key = "fallback"

/** Characters of a message that are kept. */
const messageLimit = 1000

/** The account of a member's failure. Where it was several models as one, theirs. */
export const failuresOf = (who: Identity, error: AiError.AiError): ReadonlyArray<Failure> => {
  const within = failures(error)
  const last = {
    ...who,
    kind: ErrorKind.kindOf(error),
    message: error.message.slice(0, messageLimit),
    partial: ProviderError.partial(error)
  }
  return [...within.map((failure) => ({ ...failure, member: who.member })), last]
}

/** For reasons without metadata. Does not survive encoding. */
const aside = new WeakMap<AiError.AiError, ReadonlyArray<Failure>>()

/** The error with those that failed before. */
export const withFailures = (error: AiError.AiError, failed: ReadonlyArray<Failure>): AiError.AiError => {
  if (failed.length === 0) return error
  const copy = ProviderError.withFacts(error, { [key]: { failed } })
  aside.set(copy, failed)
  return copy
}

/** Those that failed before the model whose error this is. */
export const failures = (error: AiError.AiError): ReadonlyArray<Failure> => {
  const metadata = "metadata" in error.reason ? error.reason.metadata : undefined
  return readFailed(Metadata.get(metadata, Metadata.namespace, key)) ?? aside.get(error) ?? []
}

const readFailed = (value: unknown): ReadonlyArray<Failure> | undefined =>
  isRecord(value) && Array.isArray(value["failed"])
    // Written by this module alone, from values of this type; JSON carries them unchanged.
    ? value["failed"] as ReadonlyArray<Failure>
    : undefined

type Part = Response.AnyPart

/**
 * The parts, of which the first one of the response's metadata says who answered. Where there is none, one is put before
 * them. Of several models as one within, it is the model that answered who is named.
 */
export const sign = (parts: ReadonlyArray<Part>, who: Identity, failed: ReadonlyArray<Failure>): Array<Part> => {
  const within = answeredBy(parts)
  const account: Answered = within === undefined ? { ...who, failed } : {
    member: who.member,
    provider: within.provider,
    model: within.model,
    failed: [...failed, ...within.failed.map((failure) => ({ ...failure, member: who.member }))]
  }
  const metadata = Metadata.make(Metadata.namespace, { [key]: account })
  const at = parts.findIndex((part) => part.type === "response-metadata")
  const given = parts[at]
  if (given === undefined || given.type !== "response-metadata") {
    return [Response.makePart("response-metadata", { metadata }), ...parts]
  }
  // Metadata of a part is typed by provider; every value of it is JSON.
  const signed = Object.assign({}, given, { metadata: Metadata.merge(given.metadata as Metadata.Metadata, metadata) })
  return parts.toSpliced(at, 1, signed)
}

/** Who answered, as the first part of the response's metadata says that says it. */
export const answeredBy = (
  answer: { readonly content: ReadonlyArray<AnyPart> } | ReadonlyArray<AnyPart>
): Answered | undefined => {
  const parts = "content" in answer ? answer.content : answer
  for (const part of parts) {
    if (part.type !== "response-metadata") continue
    const value = Metadata.get(part.metadata, Metadata.namespace, key)
    // Written by `sign` alone, from a value of this type; JSON carries it unchanged.
    if (isRecord(value)) return value as unknown as Answered
  }
  return undefined
}

/** A part of an answer, as far as it matters here. */
interface AnyPart {
  readonly type: string
  readonly metadata?: unknown
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
