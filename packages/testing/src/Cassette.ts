/**
 * A file of recorded HTTP exchanges, as `Recorder` writes and replays them: JSON for people to read in a review, without
 * credentials, with every read of an answer and when it came.
 *
 * Tests use `Recorder`. This module is for those who look into cassettes, or write one by hand.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFile } from "node:fs/promises"
import { decodeBytes } from "./internal/cassette/content.ts"
import * as CassetteFile from "./internal/cassette/file.ts"

/** The version of the format that is written and read. */
export const version = 1

/** Milliseconds since the request was sent. */
const Millis = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const Headers = Schema.Record(Schema.String, Schema.String)

const json = { json: Schema.Json }
const text = { text: Schema.Union([Schema.String, Schema.Array(Schema.String)]) }
const base64 = { base64: Schema.String.check(Schema.isBase64()) }

/**
 * A body or a part of one: `json`, `text` (by lines where there are several) or `base64` for what is not UTF-8.
 */
export const Content = Schema.Union([Schema.Struct(json), Schema.Struct(text), Schema.Struct(base64)])
export type Content = typeof Content.Type

/** What one read of an answer's body gave, and when. */
export const Read = Schema.Union([
  Schema.Struct({ at: Millis, ...json }),
  Schema.Struct({ at: Millis, ...text }),
  Schema.Struct({ at: Millis, ...base64 })
])
export type Read = typeof Read.Type

/** What was sent. Header names are lower case; the query has a list where a name came more than once. */
export const Request = Schema.Struct({
  method: Schema.String,
  path: Schema.String,
  query: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Array(Schema.String)]))
  ),
  headers: Headers,
  body: Schema.optionalKey(Content)
})
export type Request = typeof Request.Type

/** What came back. `at` is when its head came. */
export const Response = Schema.Struct({
  at: Millis,
  status: Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
  headers: Headers,
  reads: Schema.Array(Read)
})
export type Response = typeof Response.Type

/** An error of the connection, with the errors below it. */
export interface ConnectionError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly cause?: ConnectionError
}
export const ConnectionError = Schema.Struct({
  name: Schema.String,
  message: Schema.String,
  code: Schema.optionalKey(Schema.String),
  cause: Schema.optionalKey(Schema.suspend((): Schema.Codec<ConnectionError> => ConnectionError))
})

const Complete = Schema.Struct({ type: Schema.Literal("complete"), at: Millis })
const Broken = Schema.Struct({ type: Schema.Literal("broken"), at: Millis, error: ConnectionError })
const Left = Schema.Struct({ type: Schema.Literal("left"), at: Millis })

/**
 * How an exchange ended: the answer was read to its end, the connection broke, or the program stopped reading
 * (`left`), so that nobody knows what would have come.
 */
export const End = Schema.Union([Complete, Broken, Left])
export type End = typeof End.Type

/** A request and what came of it. Without a response, the exchange ended before an answer had a head. */
export const Exchange = Schema.Union([
  Schema.Struct({ request: Request, response: Response, end: End }),
  Schema.Struct({ request: Request, end: Schema.Union([Broken, Left]) })
])
export type Exchange = typeof Exchange.Type

/** The whole file: exchanges in the order in which the requests were sent. */
export const Cassette = Schema.Struct({
  version: Schema.Literal(version),
  exchanges: Schema.NonEmptyArray(Exchange)
})
export type Cassette = typeof Cassette.Type

/** There is no recording yet. */
export class CassetteMissing extends Data.TaggedError("CassetteMissing")<{ readonly path: string }> {
  override get message(): string {
    return `There is no recording at ${CassetteFile.shown(this.path)}. `
      + "Run the test with RECORD=1, and the vendor's key in the environment, to make it"
  }
}

/** The file is there and cannot be used. */
export class CassetteBroken extends Data.TaggedError("CassetteBroken")<{
  readonly path: string
  readonly problem: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return `The recording at ${CassetteFile.shown(this.path)} cannot be used: ${this.problem}. `
      + "Run the test with RECORD=1 to make it anew"
  }
}

/** A recording was made and could not be kept. The old file, where there was one, is as it was. */
export class CassetteNotWritten extends Data.TaggedError("CassetteNotWritten")<{
  readonly path: string
  readonly problem: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return `The recording at ${CassetteFile.shown(this.path)} was not written: ${this.problem}`
  }
}

/**
 * Reads a file. A field it does not know is an error, too: in a file that was edited by hand it is a slip.
 *
 * @example
 * ```ts
 * import * as Cassette from "@llm-layers/testing/Cassette"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const error = await Effect.runPromise(Effect.flip(Cassette.read("no/such/file.json")))
 * strictEqual(error._tag, "CassetteMissing")
 * ```
 */
export const read = (cassette: string | URL): Effect.Effect<Cassette, CassetteMissing | CassetteBroken> =>
  Effect.suspend(() => {
    const path = CassetteFile.pathOf(cassette)
    return Effect.flatMap(
      Effect.tryPromise({
        try: () => readFile(path, "utf8"),
        catch: (cause) =>
          cause instanceof Error && "code" in cause && cause.code === "ENOENT"
            ? new CassetteMissing({ path })
            : new CassetteBroken({ path, problem: String(cause), cause })
      }),
      (content) => decode(path, content)
    )
  })

/** The text of a file as a cassette. The path is for the error. */
export const decode = (path: string, content: string): Effect.Effect<Cassette, CassetteBroken> =>
  Effect.try({
    try: (): unknown => JSON.parse(content),
    catch: (cause) => new CassetteBroken({ path, problem: `it is not JSON (${String(cause)})`, cause })
  }).pipe(
    Effect.flatMap((parsed) =>
      Effect.mapError(
        decodeFile(parsed, { onExcessProperty: "error" }),
        (cause) => new CassetteBroken({ path, problem: problemOf(parsed, cause), cause })
      )
    )
  )

const decodeFile = Schema.decodeUnknownEffect(Cassette)

const problemOf = (parsed: unknown, cause: Schema.SchemaError): string => {
  const found = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined
  return typeof found === "number" && found !== version
    ? `it has version ${found} of the format, and version ${version} is read here`
    : cause.message
}

/** A cassette as the text of its file. */
export const encode = (cassette: Cassette): string => `${JSON.stringify(cassette, null, 2)}\n`

/** Writes a file at once: whoever reads it meanwhile, or after a failure, sees the old one. Folders are made. */
export const write = (cassette: string | URL, content: Cassette): Effect.Effect<void, CassetteNotWritten> =>
  Effect.suspend(() => {
    const path = CassetteFile.pathOf(cassette)
    return Effect.tryPromise({
      try: () => CassetteFile.write(path, encode(content)),
      catch: (cause) => new CassetteNotWritten({ path, problem: String(cause), cause })
    })
  })

/** The bytes of a body or of a read. */
export const bytes = (content: Content | Read): Uint8Array<ArrayBuffer> => decodeBytes(content)
