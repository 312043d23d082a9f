import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { ConfigProvider, Effect, Layer, Redacted, Schema, Stream } from "effect"
import { LanguageModel, type Prompt, Tool, Toolkit } from "effect/ai"
import type * as Preset from "../src/Preset.ts"
import * as Presets from "../src/Presets.ts"
import { plain, usual, wires } from "./fixtures/presets.ts"

/** All presets. One is asked only for what fits itself, whatever its name is. */
const all = Object.values(Presets) as ReadonlyArray<unknown> as ReadonlyArray<Preset.Preset<string>>

const weather = Tool.make("weather", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String
})
const time = Tool.make("time", { success: Schema.String })
const toolkit = Toolkit.make(weather, time)
const handlers = toolkit.toLayer({
  weather: ({ city }) => Effect.succeed(`${city}: sunny`),
  time: () => Effect.succeed("noon")
})

interface Sent {
  readonly url: string
  readonly headers: Headers
  readonly body: { readonly [member: string]: unknown }
}

const serve = (body: string, type = "application/json", status = 200) => {
  const sent: Array<Sent> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    sent.push({
      url: input instanceof Request ? input.url : input.toString(),
      headers: new Headers(init?.headers),
      body: JSON.parse(await new globalThis.Response(init?.body ?? null).text())
    })
    return new globalThis.Response(body, { status, headers: { "content-type": type } })
  }
  return { fetch, sent }
}

const azureUrl = "https://acme.openai.azure.com/"

const client = <Name extends string>(preset: Preset.Preset<Name>, fetch: typeof globalThis.fetch) =>
  preset.layer({
    apiKey: Redacted.make("test-key"),
    fetch,
    ...(preset.data.baseUrl === undefined ? { baseUrl: azureUrl } : undefined)
  })

const use = <Name extends string>(
  preset: Preset.Preset<Name>,
  fetch: typeof globalThis.fetch,
  settings: Preset.Options = {}
) => Layer.provide(preset.model("served", settings), client(preset, fetch))

/** The one request for a call. */
const request = <Name extends string>(
  preset: Preset.Preset<Name>,
  call: Effect.Effect<unknown, unknown, LanguageModel.LanguageModel>,
  settings: Preset.Options = {}
) =>
  Effect.gen(function*() {
    const { fetch, sent } = serve(JSON.stringify(plain))
    yield* Effect.provide(call, use(preset, fetch, settings))
    assert.lengthOf(sent, 1)
    // One, by the line above.
    return sent[0] as Sent
  })

const ask = LanguageModel.generateText({ prompt: "Hi" })

const eventsOf = (chunks: ReadonlyArray<unknown>): string =>
  chunks.map((one) => `data: ${one === "[DONE]" ? "[DONE]" : JSON.stringify(one)}\n\n`).join("")

describe("each preset", () => {
  it("is exported by its name", () => {
    for (const [name, preset] of Object.entries(Presets)) assert.strictEqual(preset.data.name, name)
  })

  for (const preset of all) {
    const { name, quirks } = preset.data
    const wire = wires[name] ?? usual

    it.effect(`${name}: reasoning, text, two calls at once and counts, as it streams them`, () =>
      Effect.gen(function*() {
        const { fetch } = serve(eventsOf(wire.chunks), "text/event-stream")
        const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "Hi", toolkit })).pipe(
          Effect.provide(use(preset, fetch)),
          Effect.provide(handlers)
        )
        const text = (type: "text-delta" | "reasoning-delta") =>
          parts.map((part) => part.type === type ? part.delta : "").join("")
        assert.strictEqual(text("text-delta"), "Hi.")
        assert.strictEqual(text("reasoning-delta"), wire.reasoning === false ? "" : "Hm.")
        const calls = parts.filter((part) => part.type === "tool-call")
        assert.deepStrictEqual(calls.map((call) => call.params), [{ city: "Rome" }, { city: "Oslo" }])
        assert.strictEqual(new Set(calls.map((call) => call.id)).size, 2)
        if (wire.ids !== undefined) assert.deepStrictEqual(calls.map((call) => call.id), [...wire.ids])
        const finish = parts.find((part) => part.type === "finish")
        assert.strictEqual(finish?.reason, "tool-calls")
        assert.deepStrictEqual(
          [finish?.usage.inputTokens.total, finish?.usage.outputTokens.total],
          wire.usage === false ? [undefined, undefined] : [7, 5]
        )
      }))

    it.effect(`${name}: an answer without id, model and counts`, () =>
      Effect.gen(function*() {
        const { fetch } = serve(JSON.stringify(plain))
        const { text, usage } = yield* Effect.provide(ask, use(preset, fetch))
        assert.strictEqual(text, "Hi.")
        assert.isUndefined(usage.inputTokens.total)
      }))

    it.effect(`${name}: an answer with null for what it has not, and calls without an id`, () =>
      Effect.gen(function*() {
        const call = { type: "function", function: { name: "time", arguments: "{}" } }
        const message = {
          content: null,
          refusal: null,
          function_call: null,
          reasoning: null,
          reasoning_content: null,
          annotations: null,
          tool_calls: [{ id: null, ...call }, { id: "", ...call }]
        }
        const { fetch } = serve(JSON.stringify({
          id: null,
          created: null,
          model: null,
          system_fingerprint: null,
          usage: null,
          choices: [{
            index: 0,
            message: { role: "assistant", ...message },
            logprobs: null,
            finish_reason: "tool_calls"
          }]
        }))
        const { text, toolCalls, toolResults, usage } = yield* LanguageModel.generateText({ prompt: "Hi", toolkit })
          .pipe(
            Effect.provide(use(preset, fetch)),
            Effect.provide(handlers)
          )
        assert.strictEqual(text, "")
        assert.strictEqual(new Set(toolCalls.map(({ id }) => id)).size, 2)
        assert.deepStrictEqual(toolResults.map(({ result }) => result), ["noon", "noon"])
        assert.isUndefined(usage.outputTokens.total)
      }))

    it.effect(`${name}: the request has its names for what most call otherwise`, () =>
      Effect.gen(function*() {
        const can = preset.capabilities("served")
        const settings = { maxOutputTokens: 9, ...(can.seed ? { seed: 7 } : undefined) }
        const { body, headers, url } = yield* request(preset, ask, settings)
        assert.strictEqual(url, `${preset.data.baseUrl ?? "https://acme.openai.azure.com/openai/v1"}/chat/completions`)
        assert.strictEqual(headers.get("api-key"), name === "azure" ? "test-key" : null)
        assert.strictEqual(headers.get("authorization"), name === "azure" ? null : "Bearer test-key")
        assert.strictEqual(body[quirks.maxTokensField ?? "max_tokens"], 9)
        assert.lengthOf(["max_tokens", "max_completion_tokens"].filter((member) => member in body), 1)
        if (can.seed) assert.strictEqual(body[quirks.seedField ?? "seed"], 7)
      }))

    it.effect(`${name}: a conversation goes back with system messages as such, and calls by ids it takes`, () =>
      Effect.gen(function*() {
        const id = "functions.weather:0|with/a-very.long_tail-that-no-vendor-would-ever-want"
        const prompt: Prompt.RawInput = [
          { role: "system", content: "Rules" },
          { role: "user", content: "First" },
          {
            role: "assistant",
            content: [
              { type: "reasoning", text: "Hm." },
              { type: "tool-call", id, name: "weather", params: { city: "Rome" }, providerExecuted: false }
            ]
          },
          { role: "tool", content: [{ type: "tool-result", id, name: "weather", isFailure: false, result: "sunny" }] },
          { role: "user", content: "Second" }
        ]
        const { body } = yield* request(preset, LanguageModel.generateText({ prompt }))
        // By the dialect.
        const [system, , assistant, tool] = body["messages"] as ReadonlyArray<{ readonly [member: string]: unknown }>
        assert.deepStrictEqual(system, { role: "system", content: "Rules" })
        const [call] = (assistant?.["tool_calls"] ?? []) as ReadonlyArray<{ readonly id: string }>
        assert.strictEqual(tool?.["tool_call_id"], call?.id)
        if (quirks.toolCallIds === undefined) assert.strictEqual(call?.id, id)
        else assert.match(call?.id ?? "", quirks.toolCallIds.pattern)
        const field = quirks.reasoningField
        for (const member of ["reasoning", "reasoning_content"]) {
          assert.strictEqual(assistant?.[member], member === field ? "Hm." : undefined)
        }
      }))

    it.effect(`${name}: counts of a stream are asked for where that is known`, () =>
      Effect.gen(function*() {
        const { fetch, sent } = serve(eventsOf(wire.chunks), "text/event-stream")
        yield* Stream.runDrain(LanguageModel.streamText({ prompt: "Hi", toolkit })).pipe(
          Effect.provide(use(preset, fetch)),
          Effect.provide(handlers)
        )
        const asked = quirks.streamUsage === false ? undefined : { include_usage: true }
        assert.deepStrictEqual(sent[0]?.body["stream_options"], asked)
      }))

    it.effect(`${name}: a tool is asked for by name, or what comes to the same`, () =>
      Effect.gen(function*() {
        const call = LanguageModel.generateText({ prompt: "Hi", toolkit, toolChoice: { tool: "weather" } }).pipe(
          Effect.provide(handlers)
        )
        if (!preset.capabilities("served").forcedToolChoice) {
          const { fetch, sent } = serve(JSON.stringify(plain))
          const error = yield* Effect.flip(Effect.provide(call, use(preset, fetch)))
          assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
          assert.lengthOf(sent, 0)
          return
        }
        const { body } = yield* request(preset, call)
        const names = (body["tools"] as ReadonlyArray<{ readonly function: { readonly name: string } }>).map((one) =>
          one.function.name
        )
        if (quirks.namedToolChoice === false) {
          assert.strictEqual(body["tool_choice"], "required")
          assert.deepStrictEqual(names, ["weather"])
        } else {
          assert.deepStrictEqual(body["tool_choice"], { type: "function", function: { name: "weather" } })
          assert.deepStrictEqual(names, ["weather", "time"])
        }
      }))

    it.effect(`${name}: an object is asked for by its schema, or as JSON with the schema in the instructions`, () =>
      Effect.gen(function*() {
        const { fetch, sent } = serve(JSON.stringify({
          choices: [{ index: 0, message: { role: "assistant", content: `{"city":"Rome"}` }, finish_reason: "stop" }]
        }))
        const { value } = yield* LanguageModel.generateObject({
          prompt: "Hi",
          schema: Schema.Struct({ city: Schema.String })
        }).pipe(Effect.provide(use(preset, fetch)))
        assert.deepStrictEqual(value, { city: "Rome" })
        const format = sent[0]?.body["response_format"]
        const said = JSON.stringify(sent[0]?.body["messages"])
        if (quirks.structuredOutput === "json_object") {
          assert.deepStrictEqual(format, { type: "json_object" })
          assert.include(said, "JSON Schema")
        } else assert.include(JSON.stringify(format), "json_schema")
      }))

    it.effect(`${name}: an image by its address goes out, or nothing does`, () =>
      Effect.gen(function*() {
        const prompt: Prompt.RawInput = [{
          role: "user",
          content: [{ type: "file", mediaType: "image/png", data: new URL("https://example.com/a.png") }]
        }]
        const { fetch, sent } = serve(JSON.stringify(plain))
        const exit = yield* Effect.result(
          Effect.provide(LanguageModel.generateText({ prompt }), use(preset, fetch))
        )
        const can = preset.capabilities("served").imageInput && quirks.imageUrls !== false
        assert.strictEqual(exit._tag, can ? "Success" : "Failure")
        assert.lengthOf(sent, can ? 1 : 0)
      }))

    it.effect(`${name}: settings it refuses fail before the network`, () =>
      Effect.gen(function*() {
        const values = {
          temperature: 0.5,
          topP: 0.5,
          topK: 5,
          stopSequences: ["x"],
          seed: 7,
          presencePenalty: 1,
          frequencyPenalty: 1
        } as const
        for (const [setting, value] of Object.entries(values)) {
          const { fetch, sent } = serve(JSON.stringify(plain))
          const exit = yield* Effect.result(Effect.provide(ask, use(preset, fetch, { [setting]: value })))
          // The settings above are named as their flags.
          const can = preset.capabilities("served")[setting as keyof typeof values]
          assert.strictEqual(exit._tag, can ? "Success" : "Failure", setting)
          assert.lengthOf(sent, can ? 1 : 0, setting)
        }
      }))

    it.effect(`${name}: key and address are read from the environment`, () =>
      Effect.gen(function*() {
        const { environment, keyless } = preset.data
        const from = (env: Record<string, string>, options: Preset.ConfigOptions = {}) => {
          const { fetch, sent } = serve(JSON.stringify(plain))
          const layer = preset.model("served").pipe(
            Layer.provide(preset.layerConfig({ ...options, fetch })),
            Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
          )
          return Effect.map(Effect.provide(ask, layer), () => sent[0])
        }
        const url = { [environment.baseUrl]: "https://proxy.test/v9" }
        const sent = yield* from({ [environment.key]: "from-env", ...url })
        assert.strictEqual(sent?.url, "https://proxy.test/v9/chat/completions")
        assert.include([...sent?.headers.values() ?? []].join(), "from-env")
        yield* from({ [`MY_${environment.key}`]: "own", [`MY_${environment.baseUrl}`]: "https://a.test/b" }, {
          prefix: "MY_"
        })
        if (keyless === true) assert.include((yield* from({}))?.headers.get("authorization") ?? "", "none")
        else assert.include(String(yield* Effect.flip(from(url))), environment.key)
      }))
  }
})

describe("what is one server's own", () => {
  const failure = (preset: Preset.Preset<string>, status: number, body: unknown) =>
    Effect.map(
      Effect.flip(Effect.provide(ask, use(preset, serve(JSON.stringify(body), "application/json", status).fetch))),
      (error) => ProviderError.kindOf(error)
    )
  const named = (name: string) => all.filter(({ data }) => data.name === name)

  it.effect("is told by its errors", () =>
    Effect.gen(function*() {
      const cases = [
        ["groq", 498, { error: { message: "Flex tier capacity exceeded", type: "capacity_exceeded" } }, "Overloaded"],
        [
          "groq",
          413,
          { error: { message: "Too large for tokens per minute", code: "rate_limit_exceeded" } },
          "RateLimited"
        ],
        ["azure", 404, { error: { code: "DeploymentNotFound", message: "No such deployment" } }, "ModelNotFound"],
        ["azure", 400, { error: { code: "content_filter", message: "filtered", param: "prompt" } }, "ContentRefused"],
        ["deepseek", 402, { error: { message: "Insufficient Balance" } }, "QuotaExhausted"],
        ["xai", 400, { code: "invalid-argument", error: "Argument not supported: stop" }, "InvalidRequest"],
        ["ollama", 404, { error: { message: "model 'x' not found", type: "not_found_error" } }, "ModelNotFound"],
        ["mistral", 422, { object: "error", message: { detail: [{ type: "extra_forbidden" }] } }, "InvalidRequest"]
      ] as const
      for (const [name, status, body, kind] of cases) {
        for (const preset of named(name)) assert.strictEqual(yield* failure(preset, status, body), kind, name)
      }
    }))

  it("is told by the names of its models", () => {
    const claiming = (model: string) =>
      all.filter(({ provider }) => provider.claims(model)).map(({ data }) => data.name)
    assert.deepStrictEqual(claiming("deepseek-chat"), ["deepseek"])
    assert.deepStrictEqual(claiming("mistral-large-latest"), ["mistral"])
    assert.deepStrictEqual(claiming("open-mistral-nemo"), ["mistral"])
    assert.deepStrictEqual(claiming("grok-4-1"), ["xai"])
    for (const model of ["gpt-5.1", "claude-sonnet-5-5", "llama3.3"]) assert.deepStrictEqual(claiming(model), [])
  })

  it("is told by families of its models", () => {
    assert.isFalse(Presets.deepseek.capabilities("deepseek-reasoner").temperature)
    assert.isTrue(Presets.deepseek.capabilities("deepseek-chat").temperature)
  })

  it.each<readonly [string, boolean, boolean, boolean]>([
    // Whether the effort can be said, whether it can be none, whether there are texts to stop at.
    ["grok-3", false, false, true],
    ["grok-4-fast-non-reasoning", false, false, true],
    ["grok-4.20-0309-non-reasoning", false, false, true],
    ["grok-3-mini-fast", true, false, false],
    ["grok-4", false, false, false],
    ["grok-4-0709", false, false, false],
    ["grok-4-1-fast-reasoning", false, false, false],
    ["grok-4.20-0309-reasoning", false, false, false],
    ["grok-code-fast-1", false, false, false],
    ["grok-4.3", true, true, false],
    ["grok-4.7", true, false, false],
    ["grok-9", true, true, true]
  ])("of xAI is what reasoning models refuse: %s", (model, reasoning, reasoningOff, stopSequences) => {
    const can = Presets.xai.capabilities(model)
    assert.deepStrictEqual(
      [can.reasoning, can.reasoningOff, can.stopSequences],
      [reasoning, reasoningOff, stopSequences]
    )
    assert.strictEqual(can.presencePenalty, stopSequences)
  })

  it.effect("of xAI is that it says what an answer cost", () =>
    Effect.gen(function*() {
      const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
      const said = (cost: object) => {
        const { fetch } = serve(JSON.stringify({ ...plain, usage: { ...usage, ...cost } }))
        return Effect.map(Effect.provide(ask, use(Presets.xai, fetch)), ({ content }) =>
          Metadata.get(content.find(({ type }) => type === "finish")?.metadata, "llmLayers", "costUsd"))
      }
      assert.strictEqual(yield* said({ cost_in_usd_ticks: 37_756_000 }), 0.0037756)
      assert.isUndefined(yield* said({}))
    }))

  it.effect("of DeepSeek is that thinking is not switched off by an effort, but by a member of its own", () =>
    Effect.gen(function*() {
      const { fetch, sent } = serve(JSON.stringify(plain))
      const off = use(Presets.deepseek, fetch, { reasoningEffort: "none" })
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(Effect.provide(ask, off))), "Unsupported")
      assert.lengthOf(sent, 0)
      const { body } = yield* request(Presets.deepseek, ask, { extraBody: { thinking: { type: "disabled" } } })
      assert.deepStrictEqual(body["thinking"], { type: "disabled" })
    }))

  it.effect("of Mistral is that ids of calls have nine letters and digits", () =>
    Effect.gen(function*() {
      const call = (id: string) =>
        ({ type: "tool-call", id, name: "time", params: {}, providerExecuted: false }) as const
      const result = (id: string) => ({ type: "tool-result", id, name: "time", isFailure: false, result: 1 }) as const
      const given = ["D681PevKs", "call_a", "call_b", "chatcmpl-tool-0123456789abcdef", "十二三四五六七八九"]
      const { body } = yield* request(
        Presets.mistral,
        LanguageModel.generateText({
          prompt: [
            { role: "user", content: "Hi" },
            { role: "assistant", content: given.map(call) },
            { role: "tool", content: given.toReversed().map(result) },
            { role: "user", content: "So?" }
          ]
        })
      )
      const messages = body["messages"] as ReadonlyArray<{
        readonly tool_calls?: ReadonlyArray<{ readonly id: string }>
        readonly tool_call_id?: string
      }>
      const ids = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id))
      assert.strictEqual(ids[0], "D681PevKs")
      assert.strictEqual(new Set(ids).size, given.length)
      for (const id of ids) assert.match(id, /^[a-zA-Z0-9]{9}$/)
      const answered = messages.flatMap(({ tool_call_id: id }) => id === undefined ? [] : [id])
      assert.deepStrictEqual(answered, ids.toReversed())
    }))

  it.effect("of Azure is what OpenAI takes: strict tools, no content beside calls, refusals and files by id", () =>
    Effect.gen(function*() {
      const id = "functions.weather:0|with/a-very.long_tail-that-no-vendor-would-ever-want"
      const prompt: Prompt.RawInput = [
        {
          role: "user",
          content: [{ type: "file", mediaType: "application/pdf", data: "file-abc123" }, { type: "text", text: "Hi" }]
        },
        { role: "assistant", content: [{ type: "text", text: "No.", options: { azure: { refusal: true } } }] },
        { role: "user", content: "Please" },
        { role: "assistant", content: [{ type: "tool-call", id, name: "time", params: {}, providerExecuted: false }] },
        { role: "tool", content: [{ type: "tool-result", id, name: "time", isFailure: false, result: 1 }] }
      ]
      const { body } = yield* request(
        Presets.azure,
        LanguageModel.generateText({ prompt, toolkit }).pipe(Effect.provide(handlers))
      )
      const [user, refusal, , call, result] = body["messages"] as ReadonlyArray<{ readonly [member: string]: unknown }>
      assert.deepStrictEqual(user?.["content"], [
        { type: "file", file: { file_id: "file-abc123" } },
        { type: "text", text: "Hi" }
      ])
      assert.deepStrictEqual(refusal?.["content"], [{ type: "refusal", refusal: "No." }])
      assert.isNull(call?.["content"])
      assert.match(String(result?.["tool_call_id"]), /^[a-z0-9]{14}$/)
      const strict = (body["tools"] as ReadonlyArray<{ readonly function: { readonly strict?: boolean } }>)
        .map((tool) => tool.function.strict)
      assert.deepStrictEqual(strict, [true, true])
    }))

  it.effect("of Azure is that it takes files of no other kind than PDF and text", () =>
    Effect.gen(function*() {
      const prompt: Prompt.RawInput = [{
        role: "user",
        content: [{ type: "file", mediaType: "application/zip", data: "UEsDBA==" }]
      }]
      const { fetch, sent } = serve(JSON.stringify(plain))
      const error = yield* Effect.flip(
        Effect.provide(LanguageModel.generateText({ prompt }), use(Presets.azure, fetch))
      )
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(sent, 0)
    }))

  it.effect("of Azure is the path of the API, where the address has none", () =>
    Effect.gen(function*() {
      const v1 = "https://a.openai.azure.com/openai/v1"
      for (const baseUrl of ["https://a.openai.azure.com", "https://a.openai.azure.com/", v1, `${v1}/`]) {
        const connection = yield* Effect.provide(
          Presets.azure.Client,
          Presets.azure.layer({ apiKey: Redacted.make("k"), baseUrl })
        )
        assert.strictEqual(connection.baseUrl, v1)
      }
    }))
})

describe("two presets in one program", () => {
  it.effect("have clients and overrides of their own", () =>
    Effect.gen(function*() {
      const groq = serve(JSON.stringify(plain))
      const xai = serve(JSON.stringify(plain))
      const asked = Effect.gen(function*() {
        yield* Effect.provide(ask, Presets.groq.model("a"))
        yield* Effect.provide(ask, Presets.xai.model("b"))
      }).pipe(Presets.groq.withConfigOverride({ temperature: 0.5 }))
      const clients = Layer.mergeAll(
        Presets.groq.layer({ apiKey: Redacted.make("groq-key"), fetch: groq.fetch }),
        Presets.xai.layer({ apiKey: Redacted.make("xai-key"), fetch: xai.fetch })
      )
      yield* Effect.provide(asked, clients)
      assert.deepStrictEqual([groq.sent[0]?.body["temperature"], xai.sent[0]?.body["temperature"]], [0.5, undefined])
      assert.deepStrictEqual(
        [groq, xai].map(({ sent }) => sent[0]?.headers.get("authorization")),
        ["Bearer groq-key", "Bearer xai-key"]
      )
    }))
})

describe("the table of capabilities", () => {
  it("knows only flags that there are", () => {
    for (const { data } of all) {
      for (const flags of [data.capabilities.provider, ...data.capabilities.rows.map((row) => row.flags)]) {
        for (const flag of Object.keys(flags)) assert.property(Capability.all, flag)
      }
    }
  })
})
