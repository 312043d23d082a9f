/**
 * Records the HTTP traffic of a client in a file, a cassette, and replays it: a test that speaks to the vendor once, and
 * from then on to nobody.
 *
 * It replays unless `RECORD=1` is in the environment. A replay never reaches the network: a missing cassette, a request
 * that was not recorded and an exchange that was not asked for are failures. Any client can be recorded that takes a
 * `fetch`, as those of this project do, or that uses Effect's `HttpClient`.
 *
 * Credentials are not written: of headers a cassette has a list that is known to be harmless, and from addresses, bodies
 * and errors are taken the values of credential headers wherever they come again, values under names such as
 * `client_secret`, and what has the form of a key. Look at a new cassette nevertheless before you commit it: what is
 * secret in the text of a prompt, only you know.
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Cassette from "./Cassette.ts"
import * as CassetteFile from "./internal/cassette/file.ts"
import * as RecorderFetch from "./internal/recorder/fetch.ts"
import * as RecorderHttpClient from "./internal/recorder/httpClient.ts"
import * as Record from "./internal/recorder/record.ts"
import * as Replay from "./internal/recorder/replay.ts"

export { ReplayMismatch, UnexpectedRequest } from "./internal/recorder/replay.ts"
export { RecorderClosed } from "./internal/recorder/session.ts"

/** Whether requests go to the server and are written down, or are answered from what was written down. */
export type Mode = "record" | "replay"

/** How to record and replay. */
export interface Options {
  /** The file, one for each test. A relative path is one from the working directory. */
  readonly cassette: string | URL
  /** Default: `record` where the environment has `RECORD=1`, else `replay`. */
  readonly mode?: Mode | undefined
  /**
   * When the reads of an answer come in a replay: `none` at once, `recorded` after the time they took, by the `Clock`
   * the recorder was made under. Default: `none`.
   */
  readonly timing?: "none" | "recorded" | undefined
  /**
   * Places where a request may differ from the recorded one, as the difference shows them: `body.metadata.run`,
   * `query.trace`. `*` is any name and `[*]` any position: `body.input[*].id`.
   */
  readonly ignore?: ReadonlyArray<string> | undefined
  /** Names of request headers that have to be the same, too. Default: none are compared. */
  readonly requestHeaders?: ReadonlyArray<string> | undefined
  /** Names of response headers that are kept beside those that always are. Default: none. */
  readonly responseHeaders?: ReadonlyArray<string> | undefined
  /** Values that must not be in the cassette wherever they appear. */
  readonly secrets?: ReadonlyArray<Redacted.Redacted> | undefined
  /** What requests go through while recording. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * What clients are given.
 */
export class Recorder extends Context.Service<Recorder, {
  readonly mode: Mode
  /** For a client that takes a `fetch`. */
  readonly fetch: typeof globalThis.fetch
  /** For a client that uses `HttpClient`. Give it the transport itself, below what looks at the status or tries again. */
  readonly transformClient: (client: HttpClient.HttpClient) => HttpClient.HttpClient
  /**
   * A key or another secret, by the name of its environment variable. It is read while recording alone; a replay has a
   * placeholder in its place.
   */
  readonly secret: (name: string) => Config.Config<Redacted.Redacted>
}>()("@llm-layers/testing/Recorder") {}

/** Why there is no recorder. */
export type Failure = Cassette.CassetteMissing | Cassette.CassetteBroken | Config.ConfigError

/**
 * A recorder, until the scope closes. Then a recording is written, unless the scope ends with a failure: that leaves
 * the old cassette as it was. A replay dies with `ReplayMismatch` where a request was not recorded, also one whose error
 * the program handled, or where an exchange was not asked for.
 *
 * @example
 * ```ts
 * import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
 * import * as Recorder from "@llm-layers/testing/Recorder"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 * import { mkdtempSync } from "node:fs"
 * import { tmpdir } from "node:os"
 * import { join } from "node:path"
 *
 * const cassette = join(mkdtempSync(join(tmpdir(), "cassettes-")), "hello.json")
 *
 * const ask = (url: string, mode: Recorder.Mode) =>
 *   Effect.gen(function*() {
 *     const { fetch } = yield* Recorder.make({ cassette, mode })
 *     const response = yield* Effect.promise(() => fetch(`${url}/v1/ask`, { method: "POST", body: `{"q":"Hello"}` }))
 *     return yield* Effect.promise(() => response.text())
 *   })
 *
 * const record = Effect.gen(function*() {
 *   const server = yield* LoopbackServer.make([{ body: `{"a":"Hi."}` }])
 *   return yield* ask(server.url, "record")
 * })
 *
 * strictEqual(await Effect.runPromise(Effect.scoped(record)), `{"a":"Hi."}`)
 * strictEqual(await Effect.runPromise(Effect.scoped(ask("http://gone.invalid", "replay"))), `{"a":"Hi."}`)
 * ```
 */
export const make = (options: Options): Effect.Effect<Recorder["Service"], Failure, Scope.Scope> =>
  Effect.gen(function*() {
    const mode = options.mode ?? (yield* modeOf)
    const secrets = (options.secrets ?? []).map(Redacted.value)
    const settings = {
      path: CassetteFile.pathOf(options.cassette),
      requestHeaders: (options.requestHeaders ?? []).map((name) => name.toLowerCase()),
      responseHeaders: (options.responseHeaders ?? []).map((name) => name.toLowerCase()),
      ignore: options.ignore ?? [],
      timing: options.timing ?? "none",
      secrets
    }
    const session = mode === "record"
      ? Record.make(settings)
      : Replay.make(yield* Cassette.read(settings.path), settings, yield* Effect.context<never>())
    yield* Effect.addFinalizer(session.end)
    return {
      mode,
      fetch: RecorderFetch.make(session, (input, init) => (options.fetch ?? globalThis.fetch)(input, init)),
      transformClient: (client) => RecorderHttpClient.transform(session, client),
      secret: (name) =>
        mode === "replay" ? Config.succeed(Redacted.make("replayed")) : Config.map(Config.Redacted(name), (secret) => {
          secrets.push(Redacted.value(secret))
          return secret
        })
    }
  })

const modeOf: Config.Config<Mode> = Config.Boolean("RECORD").pipe(
  Config.withDefault(false),
  Config.map((record) => record ? "record" : "replay")
)

/**
 * A recorder as a Layer, for {@link client} and {@link layerHttpClient}.
 */
export const layer = (options: Options): Layer.Layer<Recorder, Failure> => Layer.effect(Recorder, make(options))

/**
 * A client whose traffic is recorded, made once for all tests; which cassette it is, each test says with {@link layer}.
 *
 * @example
 * ```ts
 * import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
 * import * as Recorder from "@llm-layers/testing/Recorder"
 * import { Layer } from "effect"
 *
 * const client = Recorder.client(({ fetch, secret }) => OpenAiClient.layer({ apiKey: secret("OPENAI_API_KEY"), fetch }))
 *
 * export const recorded = (name: string) =>
 *   OpenAiLanguageModel.model("gpt-5.5").pipe(
 *     Layer.provide(client),
 *     Layer.provide(Recorder.layer({ cassette: `test/cassettes/${name}.json` }))
 *   )
 * ```
 */
export const client = <A, E, R>(
  make: (recorder: Recorder["Service"]) => Layer.Layer<A, E, R>
): Layer.Layer<A, E, R | Recorder> => Layer.unwrap(Effect.map(Recorder, make))

/**
 * An `HttpClient` whose traffic is recorded, over the one it is provided with.
 *
 * @example
 * ```ts
 * import * as Recorder from "@llm-layers/testing/Recorder"
 * import { Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 *
 * export const recorded = (name: string) =>
 *   Recorder.layerHttpClient.pipe(
 *     Layer.provide(FetchHttpClient.layer),
 *     Layer.provide(Recorder.layer({ cassette: `test/cassettes/${name}.json` }))
 *   )
 * ```
 */
export const layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient | Recorder> = Layer
  .effect(
    HttpClient.HttpClient,
    Effect.gen(function*() {
      const { transformClient } = yield* Recorder
      return transformClient(yield* HttpClient.HttpClient)
    })
  )
