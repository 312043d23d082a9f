import { assert, describe, it } from "@effect/vitest"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect } from "effect"
import { Prompt, type Response, Tool } from "effect/ai"
import { collected, generated, type Json, message, response, sent } from "./fixtures/stub.ts"

/** What the answers of this output send when they are history. */
const replayed = (output: ReadonlyArray<Json>, tools: ReadonlyArray<Tool.Any> = []) =>
  Effect.gen(function*() {
    const plain = yield* generated({ json: response(output) }, { tools })
    const stream = yield* collected({
      events: [
        { type: "response.created", response: response([], { status: "in_progress" }) },
        ...output.map((item, index) => ({ type: "response.output_item.done", output_index: index, item })),
        { type: "response.completed", response: response(output) }
      ]
    }, { tools })
    const input = (parts: ReadonlyArray<Response.AnyPart>) =>
      Effect.map(sent({ tools, prompt: Prompt.fromResponseParts(parts) }), (body) => body["input"])
    const fromPlain = yield* input(plain.parts)
    assert.deepStrictEqual(yield* input(stream.parts), fromPlain)
    return fromPlain
  })

const reasoning = (id: string, more: Json = {}) => ({ type: "reasoning", id, summary: [], ...more })
const replayedMessage = (text: string, more: Json = {}) => ({
  ...message(text, more),
  content: [{ type: "output_text", text, annotations: [], logprobs: [] }]
})

describe("what an answer had goes back to OpenAI", () => {
  it.effect("encrypted reasoning with its summaries, and what followed it, with their ids", () =>
    Effect.gen(function*() {
      const thought = reasoning("rs_1", {
        summary: [{ type: "summary_text", text: "one" }, { type: "summary_text", text: "two" }],
        encrypted_content: "secret"
      })
      const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "clock", arguments: "{}" }
      assert.deepStrictEqual(yield* replayed([thought, call], [Tool.make("clock")]), [thought, call])
      assert.deepStrictEqual(
        yield* replayed([thought, message("Hello.", { phase: "final_answer" })]),
        [thought, replayedMessage("Hello.", { phase: "final_answer" })]
      )
    }))

  it.effect("hosted calls as the items they were", () =>
    Effect.gen(function*() {
      const search = {
        type: "web_search_call",
        id: "ws_1",
        status: "completed",
        action: { type: "search", query: "x", sources: [{ type: "url", url: "https://example.com" }] }
      }
      const run = {
        type: "code_interpreter_call",
        id: "ci_1",
        status: "completed",
        code: "1",
        container_id: "c",
        outputs: null
      }
      const tools = [OpenAiTool.WebSearch({}), OpenAiTool.CodeInterpreter({ container: "c" })]
      const output = [reasoning("rs_1"), search, reasoning("rs_2"), run, message("Done.")]
      const expected = [reasoning("rs_1"), search, reasoning("rs_2"), run, replayedMessage("Done.")]
      assert.deepStrictEqual(yield* replayed(output, tools), expected)
      // Also where the request did not name the tools: OpenAI refuses the reasoning without them.
      assert.deepStrictEqual(yield* replayed(output), expected)
    }))

  it.effect("generated images with the image", () =>
    Effect.gen(function*() {
      const image = { type: "image_generation_call", id: "ig_1", status: "completed", result: "aGVsbG8=" }
      assert.deepStrictEqual(yield* replayed([image], [OpenAiTool.ImageGeneration({})]), [image])
    }))

  it.effect("searches for tools, programs and compactions", () =>
    Effect.gen(function*() {
      const found = [
        {
          type: "tool_search_call",
          id: "tsc_1",
          call_id: null,
          execution: "server",
          arguments: {},
          status: "completed"
        },
        { type: "tool_search_output", id: "tso_1", call_id: null, execution: "server", tools: [], status: "completed" }
      ]
      assert.deepStrictEqual(yield* replayed(found, [OpenAiTool.ToolSearch({})]), found)
      const caller = { type: "program", caller_id: "call_0" }
      const program = [
        { type: "program", id: "cm_1", call_id: "call_0", code: "clock()", fingerprint: "f" },
        { type: "function_call", call_id: "call_1", name: "clock", arguments: "{}", caller }
      ]
      const tools = [OpenAiTool.ProgrammaticToolCalling({}), Tool.make("clock")]
      assert.deepStrictEqual(yield* replayed(program, tools), program)
      const compaction = { type: "compaction", id: "cmp_1", encrypted_content: "secret" }
      assert.deepStrictEqual(yield* replayed([message("Hi."), compaction]), [
        { role: "assistant", content: "Hi." },
        compaction
      ])
    }))

  it.effect("a refusal as a refusal", () =>
    Effect.gen(function*() {
      const content = [{ type: "refusal", refusal: "No." }]
      assert.deepStrictEqual(yield* replayed([message("", { content })]), [message("", { content })])
    }))
})
