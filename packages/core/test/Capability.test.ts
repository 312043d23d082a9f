import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as DriverRequest from "@llm-layers/testing/DriverRequest"
import { Schema } from "effect"
import { type LanguageModel, Prompt, Tool } from "effect/ai"
import { origin } from "./fixtures/acme.ts"

const table: Capability.Table = {
  provider: { videoInput: false, audioInput: false },
  rows: [
    { models: "acme-mini-audio", match: /^acme-mini-audio/, source: "model page", flags: { audioInput: true } },
    { models: "acme-mini", match: /^acme-mini/, source: "model page", flags: { imageInput: false, tools: false } }
  ]
}

describe("lookup", () => {
  it("an unknown model does all that its provider does", () =>
    assert.deepStrictEqual(Capability.lookup(table, "acme-9-next"), {
      ...Capability.all,
      videoInput: false,
      audioInput: false
    }))

  it("the first row that matches counts, over the provider's defaults", () => {
    assert.deepInclude(Capability.lookup(table, "acme-mini-2"), { imageInput: false, tools: false, audioInput: false })
    assert.deepInclude(Capability.lookup(table, "acme-mini-audio"), { imageInput: true, audioInput: true })
  })

  it("everything is a yes to begin with", () => assert.isTrue(Object.values(Capability.all).every((flag) => flag)))
})

const subject = (flags: Partial<Capability.Capabilities>): Capability.Subject => ({
  origin,
  model: "acme-1",
  capabilities: { ...Capability.all, ...flags }
})

const refused = (
  flags: Partial<Capability.Capabilities>,
  options: Partial<LanguageModel.ProviderOptions>,
  streaming = false
) => {
  const error = Capability.checkRequest(subject(flags), DriverRequest.make(options), streaming)
  if (error === undefined) return undefined
  assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
  assert.strictEqual(error.isRetryable, false)
  return error.message
}

const fileOf = (mediaType: string, data: string | Uint8Array | URL = "aGk=") =>
  Prompt.make([
    { role: "user", content: "look" },
    { role: "user", content: [{ type: "file", mediaType, data }] }
  ])

const tools = [Tool.make("A", { parameters: Schema.Struct({}) })]

describe("checkRequest", () => {
  it.each(
    [
      ["image/png", "imageInput"],
      ["image/*", "imageInput"],
      ["application/pdf", "pdfInput"],
      ["text/markdown", "textInput"],
      ["audio/wav", "audioInput"],
      ["video/mp4", "videoInput"]
    ] as const
  )("refuses %s where there is no %s", (mediaType, flag) => {
    assert.include(
      refused({ [flag]: false }, { prompt: fileOf(mediaType) }),
      `acme-1 does not support ${mediaType} as input`
    )
    assert.isUndefined(refused({}, { prompt: fileOf(mediaType) }))
    const others = Object.fromEntries(Object.keys(Capability.all).map((name) => [name, name === flag]))
    assert.isUndefined(refused({ ...others, streaming: true }, { prompt: fileOf(mediaType) }))
  })

  it("looks into the files of tool results", () => {
    const prompt = Prompt.make([{
      role: "tool",
      content: [Prompt.makePart("tool-result", {
        id: "call_1",
        name: "A",
        result: "shown",
        isFailure: false,
        providerExecuted: false,
        modelOutput: [Prompt.makePart("file", { mediaType: "image/png", data: "aGk=" })]
      })]
    }])
    assert.include(refused({ imageInput: false }, { prompt }), "image/png as input")
    assert.isUndefined(refused({}, { prompt }))
  })

  it("looks into a file whose type is not stated", () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
    for (const mediaType of ["", "*/*"]) {
      assert.include(refused({ imageInput: false }, { prompt: fileOf(mediaType, png) }), "image/png as input")
      assert.include(
        refused({ imageInput: false }, { prompt: fileOf(mediaType, "data:image/webp;base64,aGk=") }),
        "image/webp as input"
      )
    }
  })

  it("leaves files of other kinds to the provider", () =>
    assert.isUndefined(refused({ imageInput: false, textInput: false }, { prompt: fileOf("application/x-acme") })))

  it("refuses tools, a choice that forces one, structured output and streaming", () => {
    const json = { type: "json", objectName: "A", schema: Schema.Struct({}) } as const
    assert.include(refused({ tools: false }, { tools }), "tools")
    assert.isUndefined(refused({ tools: false }, { tools: [] }))
    assert.include(refused({ forcedToolChoice: false }, { tools, toolChoice: "required" }), "forces a call")
    assert.isUndefined(refused({ forcedToolChoice: false }, { tools, toolChoice: "auto" }))
    assert.isUndefined(refused({ forcedToolChoice: false }, { tools: [], toolChoice: "required" }))
    assert.include(refused({ structuredOutput: false }, { responseFormat: json }), "structured output")
    assert.isUndefined(refused({}, { responseFormat: json }))
    assert.include(refused({ streaming: false }, {}, true), "streaming")
    assert.isUndefined(refused({ streaming: false }, {}))
  })
})

describe("offeredTools", () => {
  const tools = [Tool.make("A"), Tool.make("B")]
  const named = (toolChoice: LanguageModel.ToolChoice<string>) =>
    Capability.offeredTools({ tools, toolChoice }).map((tool) => tool.name)

  it("are all, or those that `oneOf` names", () => {
    for (const choice of ["auto", "none", "required", { tool: "A" }] as const) {
      assert.deepStrictEqual(named(choice), ["A", "B"])
    }
    assert.deepStrictEqual(named({ oneOf: ["B"] }), ["B"])
    assert.deepStrictEqual(named({ mode: "required", oneOf: ["C"] }), [])
  })
})

it("what a prompt cannot have is an error about the prompt", () => {
  const error = Capability.unsupportedPrompt({ origin, model: "acme-1" }, "prefill", "an answer to go on with")
  assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
  assert.include(error.message, "acme-1 does not support an answer to go on with")
  assert.strictEqual("parameter" in error.reason && error.reason.parameter, "prompt")
})

describe("isForced", () => {
  it.each<readonly [LanguageModel.ToolChoice<string>, boolean]>([
    ["auto", false],
    ["none", false],
    ["required", true],
    [{ tool: "A" }, true],
    [{ oneOf: ["A"] }, false],
    [{ mode: "auto", oneOf: ["A"] }, false],
    [{ mode: "required", oneOf: ["A"] }, true]
  ])("%j: %s", (choice, forced) => assert.strictEqual(Capability.isForced(choice), forced))
})

describe("checkSettings", () => {
  it("refuses the first that was given and is not supported", () => {
    const error = Capability.checkSettings(subject({ seed: false, topK: false }), [
      { flag: "seed", name: "seed", given: false },
      { flag: "topP", name: "topP", given: true },
      { flag: "topK", name: "top_k", given: true }
    ])
    assert.include(error?.message, "the setting top_k")
  })

  it("refuses nothing that is supported or was not given", () =>
    assert.isUndefined(Capability.checkSettings(subject({ seed: false }), [
      { flag: "seed", name: "seed", given: false },
      { flag: "topK", name: "topK", given: true }
    ])))
})
