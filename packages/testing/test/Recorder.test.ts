import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as Cassette from "@llm-layers/testing/Cassette"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import * as NoNetwork from "@llm-layers/testing/NoNetwork"
import * as Recorder from "@llm-layers/testing/Recorder"
import { Cause, ConfigProvider, Deferred, Effect, Exit, Fiber, Layer, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { readdirSync } from "node:fs"
import { dirname } from "node:path"
import { call, cassette, exchangesOf, post, record, settled, textOf, under } from "./fixtures/cassettes.ts"

const gone = "http://gone.invalid"

const replay = <A, E>(
  path: string,
  use: (recorder: Recorder.Recorder["Service"]) => Effect.Effect<A, E>,
  options: Omit<Recorder.Options, "cassette"> = {}
) =>
  // What would go out is an error of its own, so that it cannot be taken for one of the replay.
  under(path, { fetch: () => Promise.reject(new Error("went out")), ...options }, use)

/** The complaint at the end of a scope. */
const complaint = <A, E>(exit: Exit.Exit<A, E>): Recorder.ReplayMismatch => {
  const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  assert.instanceOf(defect, Recorder.ReplayMismatch)
  return defect
}

const exchange = (
  request: Partial<Cassette.Request>,
  reads: ReadonlyArray<Cassette.Read>,
  end: Cassette.End = { type: "complete", at: reads.at(-1)?.at ?? 0 }
): Cassette.Exchange => ({
  request: { method: "GET", path: "/", headers: {}, ...request },
  response: { at: reads[0]?.at ?? 0, status: 200, headers: {}, reads },
  end
})

const written = (...exchanges: readonly [Cassette.Exchange, ...ReadonlyArray<Cassette.Exchange>]) =>
  Effect.tap(cassette, (path) => Cassette.write(path, { version: 1, exchanges }))

describe("a recording", () => {
  it.effect("is replayed: status, headers, body, read by read", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const gate = yield* Deferred.make<void>()
      const asked = (recorder: Recorder.Recorder["Service"], url: string) =>
        Effect.gen(function*() {
          const response = yield* Effect.promise(() => recorder.fetch(`${url}/v1/ask?b=2&a=1`, post({ q: "é" })))
          const reader = response.body!.getReader()
          const reads: Array<string> = []
          for (;;) {
            const { done, value } = yield* Effect.promise(() => reader.read())
            if (done) break
            reads.push(Buffer.from(value).toString("latin1"))
            yield* Deferred.succeed(gate, undefined)
          }
          const { headers, status, statusText } = response
          return { status, statusText, reads, retry: headers.get("retry-after"), id: headers.get("x-request-id") }
        })
      const body = [Uint8Array.of(0xc3), Deferred.await(gate), Uint8Array.of(0xa9, 0x0a)]
      const headers = { "retry-after": "2", "x-request-id": "req_1", "x-other": "o" }
      const first = yield* record(path, [{ status: 429, headers, body }], asked)
      assert.deepStrictEqual(first, {
        status: 429,
        statusText: "Too Many Requests",
        reads: ["\u00c3", "\u00a9\n"],
        retry: "2",
        id: "req_1"
      })
      assert.deepStrictEqual(yield* replay(path, (recorder) => asked(recorder, gone)), first)
      const [kept] = yield* exchangesOf(path)
      assert.deepStrictEqual(kept.request, {
        method: "POST",
        path: "/v1/ask",
        query: { a: "1", b: "2" },
        headers: { "content-type": "application/json" },
        body: { json: { q: "é" } }
      })
      assert.isTrue("response" in kept)
      if (!("response" in kept)) return
      assert.notProperty(kept.response.headers, "x-other")
      const times = [kept.response.at, ...kept.response.reads.map(({ at }) => at), kept.end.at]
      assert.deepStrictEqual(times.toSorted((a, b) => a - b), times)
    }))

  it.effect("is made where the environment says so, and replayed otherwise", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const modeWith = (env: Record<string, string>) =>
        Effect.map(
          Effect.exit(Effect.provide(
            Effect.scoped(Effect.map(Recorder.make({ cassette: path }), ({ mode }) => mode)),
            ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
          )),
          (exit) => String(exit)
        )
      assert.include(yield* modeWith({ RECORD: "1" }), "CassetteNotWritten")
      for (const env of [{}, { RECORD: "0" }, { RECORD: "" }, { RECORD: "false" }]) {
        assert.include(yield* modeWith(env), "CassetteMissing")
      }
      assert.include(yield* modeWith({ RECORD: "perhaps" }), "ConfigError")
    }))

  it.effect("is the same file for the same traffic, but for the times", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const once = Effect.andThen(
        record(path, [{ body: `{"b":1,"a":2}` }, { body: "x" }], (recorder, url) =>
          Effect.all([call(recorder, `${url}/1`, post({ z: 1, a: 2 })), call(recorder, `${url}/2`)])),
        Effect.map(textOf(path), (text) =>
          text.replaceAll(/"at": \d+/g, `"at": 0`))
      )
      assert.strictEqual(yield* once, yield* once)
    }))

  it.effect("that ends with a failure leaves the old one as it was", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      yield* record(path, [{ body: "old" }], (recorder, url) => call(recorder, url))
      const old = yield* textOf(path)
      const failed = yield* Effect.exit(
        record(path, [{ body: "new" }], (recorder, url) => Effect.andThen(call(recorder, url), Effect.fail("the test")))
      )
      assert.deepStrictEqual(failed, Exit.fail("the test"))
      const interrupted = yield* Effect.exit(
        record(path, [{ body: "new" }], (recorder, url) => Effect.andThen(call(recorder, url), Effect.interrupt))
      )
      assert.isTrue(Exit.hasInterrupts(interrupted))
      assert.strictEqual(yield* textOf(path), old)
      assert.deepStrictEqual(readdirSync(dirname(path)), ["one.json"])
    }))

  it.effect("of nothing is refused", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const exit = yield* Effect.exit(record(path, [], () => Effect.void))
      assert.include(String(exit), "no request came through the Recorder")
      assert.deepStrictEqual(readdirSync(dirname(path)), [])
    }))

  it.effect("is not made of what the test run forbids", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const exit = yield* Effect.exit(Effect.provide(
        under(path, { mode: "record" }, (recorder) => Effect.flip(call(recorder, "https://api.example.com/"))),
        NoNetwork.layer()
      ))
      assert.include(String(exit), `allow: ["api.example.com"]`)
      assert.deepStrictEqual(readdirSync(dirname(path)), [])
    }))

  it.effect("takes whatever makes a request", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const form = () => {
        const fields = new FormData()
        fields.append("model", "whisper")
        fields.append("file", new Blob([Uint8Array.of(255, 0)]), "a.wav")
        return fields
      }
      const all = ({ fetch }: Recorder.Recorder["Service"], url: string) =>
        Effect.promise(async () => {
          const stream = new Blob(["streamed"]).stream()
          const responses = [
            await fetch(new Request(`${url}/request`, { method: "PUT", body: "r" })),
            await fetch(new URL(`${url}/url`)),
            await fetch(`${url}/form`, { method: "POST", body: form() }),
            await fetch(`${url}/stream`, { method: "POST", body: stream, duplex: "half" }),
            await fetch(`${url}/head`, { method: "HEAD" })
          ]
          return Promise.all(responses.map((response) => response.text()))
        })
      const server = yield* LoopbackServer.make(["1", "2", "3", "4", ""].map((body) => ({ body })))
      const first = yield* under(path, { mode: "record" }, (recorder) => all(recorder, server.url))
      assert.deepStrictEqual(first, ["1", "2", "3", "4", ""])
      assert.deepStrictEqual((yield* server.requests).map(({ body }) => body.slice(0, 8)).filter((_, at) => at !== 2), [
        "r",
        "",
        "streamed",
        ""
      ])
      assert.deepStrictEqual(yield* replay(path, (recorder) => all(recorder, gone)), first)
    }))
})

describe("a request that was not recorded", () => {
  it.effect("fails the call and, where the program takes that, the test; both show what differs", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const messages = [{ role: "user", content: "Hello" }, { role: "assistant", content: "one\ntwo\nthree" }]
      yield* record(path, [{ body: "1" }, { body: "2" }], (recorder, url) =>
        Effect.all([
          call(recorder, `${url}/other`, post({ a: 1 })),
          call(recorder, `${url}/v1/ask?n=1`, post({ model: "m", messages, temperature: 1 }))
        ]))
      let error: Error | undefined
      const exit = yield* Effect.exit(replay(path, (recorder) =>
        Effect.gen(function*() {
          yield* call(recorder, `${gone}/other`, post({ a: 1 }))
          error = yield* Effect.flip(call(
            recorder,
            `${gone}/v1/ask?n=2`,
            post({
              model: "m",
              messages: [
                { role: "system", content: "Be brief." },
                messages[0],
                { role: "assistant", content: "one\n2\nthree" }
              ],
              "top.p": 1
            })
          ))
          return "swallowed"
        })))
      assert.instanceOf(error, Recorder.UnexpectedRequest)
      const expected = [
        `POST /v1/ask is not in ${path}. From exchange 2 of 2 it differs in (- recorded, + sent):`,
        `  body.messages[0]`,
        `    + {"role":"system","content":"Be brief."}`,
        `  body.messages[2].content`,
        `    @@ -1,3 +1,3 @@`,
        `     one`,
        `    -two`,
        `    +2`,
        `     three`,
        `  body.temperature`,
        `    - 1`,
        `  body["top.p"]`,
        `    + 1`,
        `  query.n`,
        `    - "1"`,
        `    + "2"`
      ].join("\n")
      assert.strictEqual(error?.message, expected)
      const { message, unused } = complaint(exit)
      assert.deepStrictEqual(unused, ["2. POST /v1/ask"])
      assert.include(message, expected)
      assert.include(message, "RECORD=1")
    }))

  it.effect("is one that comes once too often, or after all others", () =>
    Effect.gen(function*() {
      const path = yield* written(exchange({ path: "/a" }, []))
      const exit = yield* Effect.exit(replay(path, (recorder) =>
        Effect.gen(function*() {
          yield* call(recorder, `${gone}/a`)
          yield* Effect.flip(call(recorder, `${gone}/a`))
          yield* Effect.flip(call(recorder, `${gone}/b`))
        })))
      assert.deepStrictEqual(complaint(exit).unexpected.map(({ message }) => message), [
        `GET /a was recorded once in ${path} and came once more`,
        `GET /b came after all 1 exchanges of ${path} had been replayed`
      ])
    }))

  it.effect("is compared but for what is ignored", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const body = (id: string) => ({ metadata: { run: id }, input: [{ id, text: "a" }, { id, text: "b" }], "a.b": id })
      yield* record(path, [{}], (recorder, url) => call(recorder, `${url}/?trace=1`, post(body("1"))))
      const again = (recorder: Recorder.Recorder["Service"]) => call(recorder, `${gone}/?trace=2`, post(body("2")))
      const ignore = ["body.metadata", "body.input[*].id", `body["a.b"]`, "query.*"]
      yield* replay(path, again, { ignore })
      for (const left of ignore) {
        const exit = yield* Effect.exit(replay(path, again, { ignore: ignore.filter((one) => one !== left) }))
        assert.isTrue(Exit.isFailure(exit), left)
      }
    }))

  it.effect("is compared without regard to the order of keys, and with the headers asked for", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const options = { requestHeaders: ["X-Flavour", "x-api-key"], responseHeaders: ["x-Other"] }
      yield* record(
        path,
        [{ headers: { "x-other": "o" } }],
        (recorder, url) => call(recorder, url, post({ a: 1, b: 2 }, { "x-flavour": "a", "x-api-key": "secret-1" })),
        options
      )
      const with_ = (headers: { readonly [name: string]: string }) =>
        replay(path, (recorder) => call(recorder, gone, post({ b: 2, a: 1 }, headers)), options)
      yield* with_({ "x-flavour": "a", "x-api-key": "secret-2" })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(with_({ "x-flavour": "b", "x-api-key": "secret-2" }))))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(with_({ "x-flavour": "a" }))))
      assert.include(yield* textOf(path), `"x-other": "o"`)
      assert.notInclude(yield* textOf(path), "secret-1")
    }))
})

describe("exchanges", () => {
  const numbered = () =>
    written(
      exchange({ path: "/a" }, [{ at: 0, text: "1" }]),
      exchange({ path: "/a" }, [{ at: 0, text: "2" }]),
      exchange({ path: "/b" }, [{ at: 0, text: "3" }])
    )

  it.effect("are used in their order, and by their content", () =>
    Effect.gen(function*() {
      const path = yield* numbered()
      const texts = yield* replay(path, (recorder) =>
        Effect.all(
          ["/b", "/a", "/a"].map((one) => call(recorder, gone + one)),
          { concurrency: "unbounded" }
        ))
      assert.deepStrictEqual(texts.map(({ text }) => text).toSorted(), ["1", "2", "3"])
      assert.strictEqual(texts[0]?.text, "3")
      const [first, second] = yield* replay(path, (recorder) =>
        Effect.all([call(recorder, `${gone}/a`), call(recorder, `${gone}/a`), call(recorder, `${gone}/b`)]))
      assert.deepStrictEqual([first.text, second.text], ["1", "2"])
    }))

  it.effect.fails("that are left over fail a test", () =>
    Effect.gen(function*() {
      const path = yield* numbered()
      yield* replay(path, (recorder) => call(recorder, `${gone}/a`))
    }))

  it.effect.fails("that are left over fail a test that uses a Layer", () =>
    Effect.gen(function*() {
      const path = yield* numbered()
      yield* Effect.provide(
        Effect.flatMap(Recorder.Recorder, (recorder) => call(recorder, `${gone}/a`)),
        Recorder.layer({ cassette: path })
      )
    }))

  it.effect("that are left over are named, unless the program failed anyway", () =>
    Effect.gen(function*() {
      const path = yield* numbered()
      const exit = yield* Effect.exit(replay(path, (recorder) => call(recorder, `${gone}/a`)))
      assert.deepStrictEqual(complaint(exit).unused, ["2. GET /a", "3. GET /b"])
      assert.include(complaint(exit).message, "has exchanges that were not asked for:\n  2. GET /a\n  3. GET /b")
      const failed = yield* Effect.exit(replay(path, () => Effect.fail("the test")))
      assert.deepStrictEqual(failed, Exit.fail("the test"))
    }))

  it.effect("do not outlive the scope", () =>
    Effect.gen(function*() {
      const path = yield* written(exchange({}, [{ at: 0, text: "1" }, { at: 1000, text: "2" }]))
      const closed = (run: () => Promise<unknown>) =>
        Effect.map(Effect.flip(Effect.tryPromise({ try: run, catch: (thrown) => thrown })), (thrown) => {
          assert.instanceOf(thrown, Recorder.RecorderClosed)
        })
      const { fetch, response } = yield* replay(
        path,
        ({ fetch }) => Effect.promise(async () => ({ fetch, response: await fetch(gone) })),
        { timing: "recorded" }
      )
      yield* closed(() => response.text())
      yield* closed(() => fetch(gone))
      const server = yield* LoopbackServer.make([{ body: ["a"], end: "silence" }])
      const recording = yield* under(
        path,
        { mode: "record" },
        ({ fetch }) => Effect.promise(async () => ({ fetch, response: await fetch(server.url) }))
      )
      yield* server.closed
      yield* closed(() => recording.response.text())
      yield* closed(() => recording.fetch(server.url))
    }))
})

describe("time", () => {
  const slow = () =>
    written(exchange({}, [{ at: 100, text: "a" }, { at: 1000, text: "b" }, { at: 60_000, text: "c" }], {
      type: "complete",
      at: 61_000
    }))

  it.effect("is none unless it is asked for", () =>
    Effect.gen(function*() {
      const path = yield* slow()
      assert.deepStrictEqual((yield* replay(path, (recorder) => call(recorder, gone))).reads, ["a", "b", "c"])
    }))

  it.effect("is that of the recording, by the clock of the test", () =>
    Effect.gen(function*() {
      const path = yield* slow()
      yield* replay(path, (recorder) =>
        Effect.gen(function*() {
          const reads: Array<string> = []
          const body = yield* Effect.forkChild(Effect.tryPromise(async () => {
            const response = await recorder.fetch(gone)
            reads.push("head")
            for await (const bytes of response.body ?? []) reads.push(Buffer.from(bytes).toString())
            reads.push("end")
          }))
          yield* settled
          for (
            const [millis, expected] of [
              [99, []],
              [1, ["head", "a"]],
              [899, ["head", "a"]],
              [1, ["head", "a", "b"]],
              [59_000, ["head", "a", "b", "c"]],
              [1000, ["head", "a", "b", "c", "end"]]
            ] as const
          ) {
            yield* TestClock.adjust(millis)
            yield* settled
            assert.deepStrictEqual(reads, [...expected])
          }
          yield* Fiber.join(body)
        }), { timing: "recorded" })
    }))

  it.effect("stops with the program", () =>
    Effect.gen(function*() {
      const path = yield* slow()
      yield* replay(path, (recorder) =>
        Effect.gen(function*() {
          const waiting = yield* Effect.forkChild(call(recorder, gone))
          yield* TestClock.adjust(500)
          yield* Fiber.interrupt(waiting)
        }), { timing: "recorded" })
      const controller = new AbortController()
      yield* replay(path, ({ fetch }) =>
        Effect.gen(function*() {
          const response = yield* Effect.promise(() => fetch(gone, { signal: controller.signal }))
          const text = yield* Effect.forkChild(
            Effect.exit(Effect.tryPromise({ try: () => response.text(), catch: (thrown) => thrown }))
          )
          controller.abort(new Error("enough"))
          assert.deepStrictEqual(String(yield* Fiber.join(text)), String(Exit.fail(new Error("enough"))))
        }))
    }))
})

describe("a connection", () => {
  const codesOf = (error: unknown): ReadonlyArray<string> => {
    if (!(error instanceof Error)) return []
    const code = "code" in error && typeof error.code === "string" ? error.code : "-"
    return [`${error.name}: ${error.message} (${code})`, ...codesOf(error.cause)]
  }

  it.effect("that broke breaks again, where and as it did", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const read = yield* Deferred.make<void>()
      const all = (recorder: Recorder.Recorder["Service"], url: string) =>
        Effect.gen(function*() {
          const reset = yield* Effect.flip(call(recorder, `${url}/1`))
          const response = yield* Effect.promise(() => recorder.fetch(`${url}/2`))
          const reader = response.body!.getReader()
          const first = Buffer.from((yield* Effect.promise(() => reader.read())).value ?? "").toString()
          yield* Deferred.succeed(read, undefined)
          const cut = yield* Effect.flip(Effect.tryPromise({ try: () => reader.read(), catch: (thrown) => thrown }))
          return { reset: codesOf(reset), first, cut: codesOf(cut) }
        })
      const plans: ReadonlyArray<LoopbackServer.Plan> = [
        "reset",
        { body: ["data: 1\n\n", Deferred.await(read)], end: "cut" }
      ]
      const first = yield* record(path, plans, all)
      assert.strictEqual(first.first, "data: 1\n\n")
      assert.isAbove(first.reset.length, 1)
      assert.isAbove(first.cut.length, 1)
      assert.deepStrictEqual(yield* replay(path, (recorder) => all(recorder, gone)), first)
    }))

  it.effect("that was left is not closed by the replay: it is silent", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const readOne = (recorder: Recorder.Recorder["Service"], url: string) =>
        Effect.promise(async () => {
          const response = await recorder.fetch(url)
          const reader = response.body!.getReader()
          const { value } = await reader.read()
          await reader.cancel()
          return Buffer.from(value ?? []).toString()
        })
      const unanswered = (recorder: Recorder.Recorder["Service"], url: string, sent: Effect.Effect<void> = settled) =>
        Effect.gen(function*() {
          const waiting = yield* Effect.forkChild(call(recorder, `${url}/silent`))
          yield* sent
          yield* Fiber.interrupt(waiting)
        })
      const server = yield* LoopbackServer.make([{ body: ["a"], end: "silence" }, "silence"])
      yield* under(path, { mode: "record" }, (recorder) =>
        Effect.andThen(readOne(recorder, server.url), unanswered(recorder, server.url, server.received(2))))
      yield* server.closed
      assert.deepStrictEqual(
        (yield* exchangesOf(path)).map(({ end }) =>
          end.type
        ),
        ["left", "left"]
      )
      const again = (recorder: Recorder.Recorder["Service"]) =>
        Effect.andThen(readOne(recorder, gone), unanswered(recorder, gone))
      yield* replay(path, again)
      const exit = yield* Effect.exit(replay(path, (recorder) =>
        Effect.andThen(
          Effect.flip(call(recorder, gone)),
          unanswered(recorder, gone)
        )))
      assert.include(complaint(exit).message, "ends where the program stopped reading it")
    }))
})

describe("HttpClient", () => {
  const Answer = Schema.Struct({ text: Schema.String })

  const program = (url: string) =>
    Effect.gen(function*() {
      const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
      const asked = HttpClientRequest.post(`${url}/v1/ask`, { urlParams: { key: "secret-key-1" } })
      const plain = yield* client.execute(yield* HttpClientRequest.bodyJson(asked, { q: "Hello" }))
      const { text } = yield* Schema.decodeUnknownEffect(Answer)(yield* plain.json)
      const upload = Stream.make(new TextEncoder().encode("up"), new TextEncoder().encode("load"))
      const streamed = yield* client.execute(HttpClientRequest.bodyStream(asked, upload))
      const reads = yield* Stream.runCollect(Stream.decodeText(streamed.stream))
      return { text, type: streamed.headers["content-type"], streamed: reads.join("") }
    })

  const transports = {
    fetch: FetchHttpClient.layer,
    "node:http": NodeHttpClient.layerNodeHttp,
    undici: NodeHttpClient.layerUndici
  }

  const recorded = (cassette: string, transport: Layer.Layer<HttpClient.HttpClient>, mode: Recorder.Mode) =>
    Recorder.layerHttpClient.pipe(Layer.provide(transport), Layer.provide(Recorder.layer({ cassette, mode })))

  for (const [name, transport] of Object.entries(transports)) {
    it.effect(`is recorded and replayed over ${name}`, () =>
      Effect.gen(function*() {
        const path = yield* cassette
        const server = yield* LoopbackServer.make([
          { body: `{"text":"Hi."}` },
          { headers: { "content-type": "text/event-stream" }, body: ["data: 1\n\n", "data: é\n\n"] }
        ])
        const first = yield* Effect.provide(program(server.url), recorded(path, transport, "record"))
        assert.deepStrictEqual(first, {
          text: "Hi.",
          type: "text/event-stream",
          streamed: "data: 1\n\ndata: é\n\n"
        })
        assert.deepStrictEqual((yield* server.requests).map(({ body }) => body), [`{"q":"Hello"}`, "upload"])
        assert.notInclude(yield* textOf(path), "secret-key-1")
        assert.deepStrictEqual(yield* Effect.provide(program(gone), recorded(path, transport, "replay")), first)
      }))
  }

  it.effect("tells what differs, in an error after which nobody tries again", () =>
    Effect.gen(function*() {
      const path = yield* written(exchange({ path: "/a" }, []))
      let tries = 0
      const exit = yield* Effect.exit(Effect.provide(
        Effect.gen(function*() {
          const client = HttpClient.retryTransient(
            HttpClient.tapRequest(yield* HttpClient.HttpClient, () => Effect.sync(() => tries++)),
            { times: 3 }
          )
          const error = yield* Effect.flip(client.get(`${gone}/b`))
          assert.include(error.message, `path\n    - "/a"\n    + "/b"`)
        }),
        recorded(path, FetchHttpClient.layer, "replay")
      ))
      assert.strictEqual(complaint(exit).unexpected.length, 1)
      assert.strictEqual(tries, 1)
    }))

  it.effect("breaks as it did", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const ask = (url: string) =>
        Effect.map(Effect.flip(HttpClient.get(url)), ({ cause, reason }) => [reason._tag, String(cause)])
      const server = yield* LoopbackServer.make(["reset"])
      const first = yield* Effect.provide(ask(server.url), recorded(path, FetchHttpClient.layer, "record"))
      assert.deepStrictEqual(first, ["TransportError", "TypeError: fetch failed"])
      assert.deepStrictEqual(yield* Effect.provide(ask(gone), recorded(path, FetchHttpClient.layer, "replay")), first)
    }))

  it.effect("is closed by an interruption, while recording and in a replay", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const ask = (url: string) =>
        Stream.runHead(HttpClient.get(url).pipe(Effect.map(({ stream }) => stream), Stream.unwrap))
      const server = yield* LoopbackServer.make([{ body: ["a"], end: "silence" }])
      yield* Effect.provide(ask(server.url), recorded(path, FetchHttpClient.layer, "record"))
      yield* server.closed
      yield* Effect.provide(ask(gone), recorded(path, FetchHttpClient.layer, "replay"))
    }))

  it.effect("does not record what it cannot look into", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const server = yield* LoopbackServer.make([{
        headers: { "content-encoding": "gzip" },
        body: Uint8Array.of(31, 139)
      }])
      const exit = yield* Effect.exit(
        Effect.provide(HttpClient.get(server.url), recorded(path, NodeHttpClient.layerNodeHttp, "record"))
      )
      assert.include(String(exit), "The answer is compressed")
      assert.deepStrictEqual(readdirSync(dirname(path)), [])
    }))
})
