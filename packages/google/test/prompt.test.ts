import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Prompt } from "effect/ai"
import type { FileOptions } from "../src/GoogleMetadata.ts"
import * as GoogleTool from "../src/GoogleTool.ts"
import { chunk, context, decode, end } from "./fixtures/decode.ts"
import { encode, member, parts } from "./fixtures/request.ts"

const call = (id: string, google?: { readonly thoughtSignature: string }): Prompt.ToolCallPartEncoded => ({
  type: "tool-call",
  id,
  name: "f",
  params: { a: 1 },
  ...(google === undefined ? undefined : { options: { google } })
})

const result = (id: string, value: unknown, more: Partial<Prompt.ToolResultPartEncoded> = {}) =>
  ({ type: "tool-result", id, name: "f", isFailure: false, result: value, ...more }) as const

describe("turns", () => {
  it.effect("system messages are the instruction, wherever they are", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({
        prompt: [
          { role: "system", content: "One." },
          { role: "user", content: "Hi" },
          { role: "system", content: "Two." },
          { role: "user", content: "there" }
        ]
      })
      assert.deepStrictEqual(body, {
        systemInstruction: { parts: [{ text: "One." }, { text: "Two." }] },
        contents: [{ role: "user", parts: [{ text: "Hi" }, { text: "there" }] }]
      })
    }))

  it.effect("system messages are at the front of what the user said first, for a Gemma that has no instruction", () =>
    Effect.gen(function*() {
      const system = { role: "system", content: "One." } as const
      const user = { role: "user", content: "Hi" } as const
      const assistant = { role: "assistant", content: "Yes?" } as const
      const last = { role: "system", content: "Two." } as const
      const encoded = (prompt: Prompt.RawInput, model = "gemma-3-27b-it") =>
        Effect.map(encode({ model, prompt }), ({ body }) => body)
      assert.deepStrictEqual(yield* encoded([system, user, assistant, last, user]), {
        contents: [
          { role: "user", parts: [{ text: "One." }, { text: "Two." }, { text: "Hi" }] },
          { role: "model", parts: [{ text: "Yes?" }] },
          { role: "user", parts: [{ text: "Hi" }] }
        ]
      })
      assert.deepStrictEqual(yield* encoded([system]), { contents: [{ role: "user", parts: [{ text: "One." }] }] })
      assert.deepStrictEqual(yield* encoded([system, assistant, user]), {
        contents: [
          { role: "user", parts: [{ text: "One." }] },
          { role: "model", parts: [{ text: "Yes?" }] },
          { role: "user", parts: [{ text: "Hi" }] }
        ]
      })
      assert.property(yield* encoded([system, user], "gemma-4-31b-it"), "systemInstruction")
    }))

  it.effect("system messages alone go with a content that says nothing; no message is refused", () =>
    Effect.gen(function*() {
      const contents = yield* member({ prompt: [{ role: "system", content: "Be." }] }, "contents")
      assert.deepStrictEqual(contents, [{ role: "user", parts: [{ text: "" }] }])
      const error = yield* Effect.flip(encode({ prompt: [] }))
      assert.strictEqual(error.reason._tag, "InvalidRequestError")
    }))

  it.effect("results stand alone, right after their calls", () =>
    Effect.gen(function*() {
      const contents = yield* member({
        model: "gemini-2.5-flash",
        prompt: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: [call("a"), call("b")] },
          { role: "tool", content: [result("a", 1)] },
          { role: "tool", content: [result("b", { x: 2 })] },
          { role: "user", content: "So?" }
        ]
      }, "contents")
      const functionCall = (id: string) => ({ functionCall: { id, name: "f", args: { a: 1 } } })
      const functionResponse = (id: string, response: object) => ({ functionResponse: { id, name: "f", response } })
      assert.deepStrictEqual(contents, [
        { role: "user", parts: [{ text: "Hi" }] },
        { role: "model", parts: [functionCall("a"), functionCall("b")] },
        { role: "user", parts: [functionResponse("a", { output: 1 }), functionResponse("b", { x: 2 })] },
        { role: "user", parts: [{ text: "So?" }] }
      ])
    }))
})

describe("results", () => {
  it.effect.each<readonly [unknown, boolean, unknown]>([
    ["done", false, { output: "done" }],
    [null, false, { output: null }],
    [[1, 2], false, { output: [1, 2] }],
    [{ a: 1 }, false, { a: 1 }],
    ["no", true, { error: "no" }],
    [{ a: 1 }, true, { error: { a: 1 } }]
  ])("%j, failed: %j, is %j", ([value, isFailure, response]) =>
    Effect.gen(function*() {
      const [sent] = yield* parts({ prompt: [{ role: "tool", content: [result("a", value, { isFailure })] }] })
      assert.deepStrictEqual(sent, { functionResponse: { id: "a", name: "f", response } })
    }))

  it.effect("files are inside a result since Gemini 3, and follow it before", () =>
    Effect.gen(function*() {
      const modelOutput = [
        { type: "text", text: "seen" },
        { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" }
      ] as const
      const prompt: Prompt.RawInput = [{ role: "tool", content: [result("a", 1, { modelOutput })] }]
      const file = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }
      const response = { id: "a", name: "f", response: { output: "seen" } }
      assert.deepStrictEqual(yield* parts({ prompt }), [{ functionResponse: { ...response, parts: [file] } }])
      assert.deepStrictEqual(yield* parts({ prompt, model: "gemini-2.5-flash" }), [
        { functionResponse: response },
        { text: "Files of the result of f:" },
        file
      ])
    }))
})

describe("what comes back", () => {
  it.effect("an answer goes back part by part, as it came", () =>
    Effect.gen(function*() {
      const came = [
        { text: "Hm", thought: true },
        { text: "I look.", thoughtSignature: "c2ln" },
        { functionCall: { id: "a", name: "f", args: { a: 1 } }, thoughtSignature: "Y2FsbA==" },
        { functionCall: { id: "b", name: "f", args: {} } },
        { executableCode: { language: "PYTHON", code: "1" }, thoughtSignature: "Y29kZQ==" },
        { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
        { toolCall: { id: "t", toolType: "FILE_SEARCH" }, thoughtSignature: "dG9vbA==" },
        { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" }, thoughtSignature: "cGlj" },
        { text: "", thoughtSignature: "ZW1wdHk=" },
        { hologram: { depth: 3 } }
      ]
      const tools = [
        GoogleTool.CodeExecution({}),
        GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/a"] })
      ]
      // The parts of a program's history are those of `Response`, decoded; a file has its bytes there.
      const history = decode(context(tools), [chunk(came, end)]).parts.map((part) =>
        part.type === "file" ? { ...part, data: Buffer.from(part.data, "base64") } : part
      ) as unknown as Parameters<typeof Prompt.fromResponseParts>[0]
      const sent = yield* parts({ prompt: Prompt.fromResponseParts(history) })
      assert.deepStrictEqual(sent, came)
    }))

  it.effect("Gemini 3 gets a signature with the first call of a step that another model made; earlier ones do not", () =>
    Effect.gen(function*() {
      const signatures = (model: string, first?: { readonly thoughtSignature: string }) =>
        Effect.map(
          parts({ model, prompt: [{ role: "assistant", content: [call("a", first), call("b")] }] }),
          (sent) => sent.map((part) => (part as { readonly thoughtSignature?: string }).thoughtSignature)
        )
      assert.deepStrictEqual(yield* signatures("gemini-3.5-flash"), ["skip_thought_signature_validator", undefined])
      assert.deepStrictEqual(yield* signatures("gemini-3.5-flash", { thoughtSignature: "s" }), ["s", undefined])
      assert.deepStrictEqual(yield* signatures("gemini-2.5-pro"), [undefined, undefined])
    }))

  it.effect("what is another vendor's stays behind, with a warning", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({
        prompt: [{
          role: "assistant",
          content: [
            { type: "reasoning", text: "Hm" },
            { ...call("a"), providerExecuted: true },
            { type: "text", text: "Yes" }
          ]
        }]
      })
      assert.deepStrictEqual(body["contents"], [{ role: "model", parts: [{ text: "Yes" }] }])
      assert.lengthOf(warnings, 2)
    }))
})

describe("files", () => {
  const sent = (data: string | URL | Uint8Array, mediaType: string, google: FileOptions = {}) =>
    Effect.map(
      parts({
        prompt: [{
          role: "user",
          content: [{ type: "file", mediaType, data, options: { google } }]
        }]
      }),
      ([part]) => part
    )

  it.effect("go as bytes, by address or by the name they have at Google", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sent("data:audio/wav;base64,aGk=", "audio/*"), {
        inlineData: { mimeType: "audio/wav", data: "aGk=" }
      })
      assert.deepStrictEqual(yield* sent(new URL("https://www.youtube.com/watch?v=1"), "video/*"), {
        fileData: { fileUri: "https://www.youtube.com/watch?v=1" }
      })
      assert.deepStrictEqual(yield* sent("gs://bucket/a.pdf", "application/pdf"), {
        fileData: { mimeType: "application/pdf", fileUri: "gs://bucket/a.pdf" }
      })
      assert.deepStrictEqual(
        yield* sent("files/abc-123", "video/mp4", { videoMetadata: { fps: 2 }, mediaResolution: "low" }),
        {
          fileData: { mimeType: "video/mp4", fileUri: "https://files.example/files/abc-123" },
          videoMetadata: { fps: 2 },
          mediaResolution: { level: "MEDIA_RESOLUTION_LOW" }
        }
      )
    }))
})
