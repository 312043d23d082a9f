/**
 * Encoded parts to parts, for calls without tools. The schemas of `effect/ai` decide; but those parts of which nothing
 * is in doubt, nearly all, are built without them, which costs a small part of the time.
 */
import * as Response from "effect/ai/Response"
import * as Toolkit from "effect/ai/Toolkit"
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

type Whole = Array<Response.Part<{}>>
type StreamedEncoded = Arr.NonEmptyReadonlyArray<Response.StreamPartEncoded>
type Streamed = Arr.NonEmptyReadonlyArray<Response.StreamPart<{}>>

const lazy = <A>(make: () => A): () => A => {
  let made: A | undefined
  return () => made ??= make()
}

// Made when first needed: a program that starts does not wait for them.
const decodeWhole = lazy(() => Schema.decodeEffect(Schema.mutable(Schema.Array(Response.Part(Toolkit.empty)))))
const decodeStreamed = lazy(() => Schema.decodeEffect(Schema.NonEmptyArray(Response.StreamPart(Toolkit.empty))))
const decodeUsage = lazy(() => Schema.decodeUnknownOption(Response.Usage))

/** The parts of a whole answer. */
export const wholeParts = (encoded: Array<Response.PartEncoded>): Effect.Effect<Whole, Schema.SchemaError> => {
  const parts: Whole = []
  for (const part of encoded) {
    const built = part.type === "text" || part.type === "reasoning" ? buildText(part) : buildShared(part)
    if (built === undefined) return decodeWhole()(encoded)
    parts.push(built)
  }
  return Effect.succeed(parts)
}

/** The parts of one read of a stream. */
export const streamParts = (encoded: StreamedEncoded): Effect.Effect<Streamed, Schema.SchemaError> => {
  const parts: Array<Response.StreamPart<{}>> = []
  for (const part of encoded) {
    const built = buildStreamed(part)
    if (built === undefined) return decodeStreamed()(encoded)
    parts.push(built)
  }
  return Arr.isReadonlyArrayNonEmpty(parts) ? Effect.succeed(parts) : decodeStreamed()(encoded)
}

const buildText = (part: Response.TextPartEncoded | Response.ReasoningPartEncoded) =>
  typeof part.text === "string" && isMetadata(part.metadata)
    ? Response.makePart(part.type, { text: part.text, metadata: part.metadata })
    : undefined

const buildStreamed = (part: Response.StreamPartEncoded): Response.StreamPart<{}> | undefined => {
  switch (part.type) {
    case "text-delta":
    case "reasoning-delta": {
      const { delta, id, metadata, type } = part
      if (typeof id !== "string" || typeof delta !== "string" || !isMetadata(metadata)) return undefined
      // Written out, because streams are made of these: `makePart` copies.
      return { type, id, delta, [typeId]: typeId, metadata: metadata ?? {} }
    }
    case "text-start":
    case "text-end":
    case "reasoning-start":
    case "reasoning-end":
      return typeof part.id === "string" && isMetadata(part.metadata)
        ? Response.makePart(part.type, { id: part.id, metadata: part.metadata })
        : undefined
    default:
      return buildShared(part)
  }
}

/** What `effect/ai` marks its parts with. */
const typeId = "~effect/ai/Response/Part"

/** What whole and streamed answers have in common. Tool calls, sources, files and the like are left to the schema. */
const buildShared = (part: Response.PartEncoded | Response.StreamPartEncoded) => {
  if (!isMetadata(part.metadata)) return undefined
  switch (part.type) {
    case "response-metadata":
      return buildHead(part, part.metadata)
    case "finish":
      return buildFinish(part, part.metadata)
    default:
      return undefined
  }
}

const buildHead = (part: Response.ResponseMetadataPartEncoded, metadata: Response.ProviderMetadata | undefined) => {
  const { id, modelId, timestamp } = part
  if (!isOptionalText(id) || !isOptionalText(modelId) || !isOptionalText(timestamp)) return undefined
  const time = timestamp === undefined ? undefined : DateTime.make(timestamp)
  if (time !== undefined && Option.isNone(time)) return undefined
  return Response.makePart("response-metadata", {
    ...("id" in part ? { id } : undefined),
    ...("modelId" in part ? { modelId } : undefined),
    ...("timestamp" in part ? { timestamp: time?.value } : undefined),
    metadata
  })
}

const reasons: ReadonlySet<unknown> = new Set(Response.FinishReason.literals)

const buildFinish = (part: Response.FinishPartEncoded, metadata: Response.ProviderMetadata | undefined) => {
  if (part.response !== undefined || !reasons.has(part.reason)) return undefined
  const usage = decodeUsage()(part.usage)
  return Option.isNone(usage)
    ? undefined
    : Response.makePart("finish", {
      reason: part.reason,
      usage: usage.value,
      ...("response" in part ? { response: undefined } : undefined),
      metadata
    })
}

const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === "string"

/** Absent, or a record of JSON. */
const isMetadata = (value: unknown): value is Response.ProviderMetadata | undefined => {
  if (value === undefined) return true
  return isPlain(value) && Object.values(value).every(isJson)
}

const isJson = (value: unknown): boolean => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true
    case "number":
      return Number.isFinite(value)
    case "object":
      if (value === null) return true
      return Array.isArray(value) ? value.every(isJson) : isPlain(value) && Object.values(value).every(isJson)
    default:
      return false
  }
}

/** Others, such as a `Map`, are for the schema to judge. */
const isPlain = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
