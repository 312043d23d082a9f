import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, Schema } from "effect"
import { Tool } from "effect/ai"
import { generated, type Json, message, metadataOf, response } from "./fixtures/stub.ts"

const of = (...output: ReadonlyArray<Json>) => ({ json: response(output) })

const types = (data: ReadonlyArray<Json>) => data.map((part) => part["type"])
const reasonOf = (data: ReadonlyArray<Json>) => data.at(-1)?.["reason"]

describe("an answer", () => {
  it.effect("has its metadata first and its finish last", () =>
    Effect.gen(function*() {
      const { data } = yield* generated(of(message("Hello.", { phase: "final_answer" })))
      assert.deepStrictEqual(data, [
        {
          type: "response-metadata",
          id: "resp_1",
          modelId: "gpt-5.1-2025-11-13",
          timestamp: "2023-11-14T22:13:20.000Z"
        },
        { type: "text", text: "Hello.", metadata: { openai: { itemId: "msg_1", phase: "final_answer" } } },
        {
          type: "finish",
          reason: "stop",
          usage: {
            inputTokens: { total: 100, uncached: 30, cacheRead: 60, cacheWrite: 10 },
            outputTokens: { total: 20, text: 15, reasoning: 5 }
          },
          metadata: {
            openai: {
              status: "completed",
              usage: {
                input_tokens: 100,
                input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
                output_tokens: 20,
                output_tokens_details: { reasoning_tokens: 5 },
                total_tokens: 120
              }
            }
          }
        }
      ])
    }))

  it.effect("its end has a reason for every status", () =>
    Effect.gen(function*() {
      const reason = (more: Json, ...output: ReadonlyArray<Json>) =>
        Effect.map(generated({ json: response(output, more) }), ({ data }) => reasonOf(data))
      const incomplete = (why: string) => ({ status: "incomplete", incomplete_details: { reason: why } })
      assert.strictEqual(yield* reason(incomplete("max_output_tokens"), message("a")), "length")
      assert.strictEqual(yield* reason(incomplete("content_filter"), message("a")), "content-filter")
      assert.strictEqual(yield* reason(incomplete("not known yet"), message("a")), "other")
      assert.strictEqual(yield* reason({ status: "cancelled" }), "other")
      assert.strictEqual(yield* reason({ status: "queued", usage: null }), "pause")
      assert.strictEqual(yield* reason({ status: undefined }, message("a")), "stop")
    }))

  it.effect("a refusal is text, and the end says so", () =>
    Effect.gen(function*() {
      const { data } = yield* generated(of(message("", { content: [{ type: "refusal", refusal: "I cannot." }] })))
      assert.deepStrictEqual(data[1], {
        type: "text",
        text: "I cannot.",
        metadata: { openai: { itemId: "msg_1", refusal: true } }
      })
      assert.strictEqual(reasonOf(data), "content-filter")
    }))

  it.effect("reasoning is a part a summary; what is encrypted is on the last", () =>
    Effect.gen(function*() {
      const { data } = yield* generated(of(
        {
          type: "reasoning",
          id: "rs_1",
          summary: [{ type: "summary_text", text: "one" }, { type: "summary_text", text: "two" }],
          encrypted_content: "secret"
        },
        { type: "reasoning", id: "rs_2", summary: [], content: [{ type: "reasoning_text", text: "all" }] },
        { type: "reasoning", id: "rs_3", summary: [] },
        message("ok")
      ))
      assert.deepStrictEqual(data.slice(1, 5), [
        { type: "reasoning", text: "one", metadata: { openai: { itemId: "rs_1" } } },
        { type: "reasoning", text: "two", metadata: { openai: { itemId: "rs_1", encryptedContent: "secret" } } },
        { type: "reasoning", text: "all", metadata: { openai: { itemId: "rs_2", full: true } } },
        { type: "reasoning", text: "", metadata: { openai: { itemId: "rs_3" } } }
      ])
    }))

  it.effect("annotations are sources; those that cannot be stay with the text", () =>
    Effect.gen(function*() {
      const web = { type: "url_citation", url: "https://example.com/", title: "Example", start_index: 0, end_index: 3 }
      const file = { type: "file_citation", file_id: "file-1", filename: "a.pdf", index: 3 }
      const broken = { type: "url_citation", url: "no address", title: "x" }
      const { data } = yield* generated(of(message("", {
        content: [{ type: "output_text", text: "abc", annotations: [web, file, broken] }]
      })))
      assert.deepStrictEqual(data.slice(1, 4), [
        { type: "text", text: "abc", metadata: { openai: { itemId: "msg_1", annotations: [broken] } } },
        {
          type: "source",
          sourceType: "url",
          id: "msg_1:a0",
          url: "https://example.com/",
          title: "Example",
          metadata: { openai: { itemId: "msg_1", annotation: web } }
        },
        {
          type: "source",
          sourceType: "document",
          id: "msg_1:a1",
          mediaType: "application/octet-stream",
          title: "a.pdf",
          fileName: "a.pdf",
          metadata: { openai: { itemId: "msg_1", annotation: file } }
        }
      ])
    }))

  it.effect("items and contents nobody knows are kept in the finish", () =>
    Effect.gen(function*() {
      const strange = { type: "telepathy", id: "t_1", thought: "?" }
      const { data } = yield* generated(of(strange, message("", { content: [{ type: "smell", of: "roses" }] })))
      assert.strictEqual(data.at(-1)?.["type"], "finish")
      assert.deepStrictEqual(metadataOf(data.at(-1))["unknown"], [strange, { type: "smell", of: "roses" }])
    }))

  it.effect("members of other types than expected fail nothing", () =>
    Effect.gen(function*() {
      const { data } = yield* generated({
        json: {
          object: "response",
          id: 7,
          model: null,
          created_at: "now",
          output: [null, 3, { type: "message" }],
          usage: "?"
        }
      })
      assert.deepStrictEqual(types(data), ["response-metadata", "finish"])
      assert.strictEqual(
        yield* Effect.map(generated({ json: response([], { output: null }) }), (all) => reasonOf(all.data)),
        "stop"
      )
    }))
})

describe("an answer that is none", () => {
  const kindOf = (json: unknown) => Effect.map(Effect.flip(generated({ json })), (error) => ProviderError.kindOf(error))

  it.effect("a failed response is an error by its code", () =>
    Effect.gen(function*() {
      const failed = (code: string) => response([], { status: "failed", error: { code, message: "no" } })
      assert.strictEqual(yield* kindOf(failed("rate_limit_exceeded")), "RateLimited")
      assert.strictEqual(yield* kindOf(failed("invalid_prompt")), "ContentRefused")
      assert.strictEqual(yield* kindOf(failed("invalid_image_format")), "InvalidRequest")
      assert.strictEqual(yield* kindOf(failed("server_error")), "ProviderFailed")
    }))

  it.effect("so are an error with a good status, and JSON that is something else", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* kindOf({ error: { code: "insufficient_quota", message: "no", type: "insufficient_quota" } }),
        "QuotaExhausted"
      )
      assert.strictEqual(yield* kindOf({ choices: [] }), "InvalidResponse")
      assert.strictEqual(yield* kindOf([]), "InvalidResponse")
    }))
})

describe("calls", () => {
  const weather = Tool.make("weather", {
    parameters: Schema.Struct({ city: Schema.String, unit: Schema.optional(Schema.String) })
  })
  const call = (args: string, more: Json = {}) => ({
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "weather",
    arguments: args,
    status: "completed",
    ...more
  })

  it.effect("of functions have their arguments in the tool's own form", () =>
    Effect.gen(function*() {
      const caller = { type: "program", caller_id: "call_0" }
      const { data } = yield* generated(
        of(call(`{"city":"Rome","unit":null}`, { namespace: "maps", caller })),
        { tools: [weather] }
      )
      assert.deepStrictEqual(data[1], {
        type: "tool-call",
        id: "call_1",
        name: "weather",
        params: { city: "Rome" },
        providerExecuted: false,
        metadata: { openai: { itemId: "fc_1", namespace: "maps", caller } }
      })
      assert.strictEqual(reasonOf(data), "tool-calls")
    }))

  it.effect("no arguments are an empty object", () =>
    Effect.gen(function*() {
      const clock = Tool.make("weather")
      const { data } = yield* generated(of(call("")), { tools: [clock] })
      assert.deepStrictEqual(data[1]?.["params"], {})
    }))

  it.effect("of a tool that was not offered fail", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(generated(of(call("{}")), { tools: [Tool.make("other")] }))
      assert.strictEqual(error.reason._tag, "ToolNotFoundError")
    }))

  it.effect("of free-form tools have their text", () =>
    Effect.gen(function*() {
      const item = { type: "custom_tool_call", id: "ctc_1", call_id: "call_1", name: "sql", input: "select 1" }
      const { data } = yield* generated(of(item), { tools: [OpenAiTool.Custom("sql")] })
      assert.deepStrictEqual(data[1], {
        type: "tool-call",
        id: "call_1",
        name: "sql",
        params: "select 1",
        providerExecuted: false,
        metadata: { openai: { itemId: "ctc_1", type: "custom_tool_call" } }
      })
    }))

  it.effect("of hosted tools come with their result", () =>
    Effect.gen(function*() {
      const item = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "x" } }
      const { data } = yield* generated(of(item, message("ok")), { tools: [OpenAiTool.WebSearch({})] })
      assert.deepStrictEqual(data.slice(1, 3), [
        {
          type: "tool-call",
          id: "ws_1",
          name: "OpenAiWebSearch",
          params: { action: item.action },
          providerExecuted: true,
          metadata: { openai: { itemId: "ws_1", type: "web_search_call", item } }
        },
        {
          type: "tool-result",
          id: "ws_1",
          name: "OpenAiWebSearch",
          result: { status: "completed", action: item.action },
          encodedResult: { status: "completed", action: item.action },
          isFailure: false,
          preliminary: false,
          providerExecuted: true,
          metadata: { openai: { itemId: "ws_1" } }
        }
      ])
      assert.strictEqual(reasonOf(data), "stop")
    }))

  it.effect("of MCP servers go to the tool of the server; failures are failures", () =>
    Effect.gen(function*() {
      const tools = [OpenAiTool.Mcp({ server_label: "a" }), OpenAiTool.Mcp({ server_label: "b" })]
      const item = {
        type: "mcp_call",
        id: "mcp_1",
        server_label: "b",
        name: "find",
        arguments: `{"q":"x"}`,
        output: null,
        error: { type: "http_error", code: 500, message: "down" },
        status: "failed"
      }
      const list = { type: "mcp_list_tools", id: "mcpl_1", server_label: "a", tools: [{ name: "t", input_schema: {} }] }
      const { data } = yield* generated(of(list, item), { tools })
      const named = data.slice(1, 5).map((part) => [part["type"], part["name"], part["isFailure"] ?? part["params"]])
      assert.deepStrictEqual(named, [
        ["tool-call", "OpenAiMcp_a", { type: "list_tools", server_label: "a" }],
        ["tool-result", "OpenAiMcp_a", false],
        ["tool-call", "OpenAiMcp_b", { type: "call", server_label: "b", name: "find", arguments: { q: "x" } }],
        ["tool-result", "OpenAiMcp_b", true]
      ])
    }))

  it.effect("a request for approval has OpenAI's id", () =>
    Effect.gen(function*() {
      const item = { type: "mcp_approval_request", id: "mcpr_1", server_label: "a", name: "rm", arguments: "{}" }
      const { data } = yield* generated(of(item), { tools: [OpenAiTool.Mcp({ server_label: "a" })] })
      assert.deepStrictEqual(types(data), ["response-metadata", "tool-call", "tool-approval-request", "finish"])
      assert.deepStrictEqual(data[2], { type: "tool-approval-request", approvalId: "mcpr_1", toolCallId: "mcpr_1" })
    }))

  it.effect("a generated image is a file", () =>
    Effect.gen(function*() {
      const item = {
        type: "image_generation_call",
        id: "ig_1",
        status: "completed",
        output_format: "webp",
        result: "aGVsbG8=",
        revised_prompt: "a cat"
      }
      const { result: _, ...described } = item
      const { data, parts } = yield* generated(of(item), { tools: [OpenAiTool.ImageGeneration({})] })
      assert.deepStrictEqual(types(data), ["response-metadata", "tool-call", "tool-result", "file", "finish"])
      const file = parts[3]
      assert.strictEqual(file?.type, "file")
      assert.strictEqual(file?.type === "file" && new TextDecoder().decode(file.data), "hello")
      assert.deepStrictEqual(data[3]?.["metadata"], { openai: { item: described } })
      // Base64 that is none would fail the whole answer as a file; it stays what it is.
      const broken = yield* generated(of({ ...item, result: "aGV...8=" }), { tools: [OpenAiTool.ImageGeneration({})] })
      assert.deepStrictEqual(types(broken.data), ["response-metadata", "tool-call", "tool-result", "finish"])
    }))

  it.effect("a shell runs where its environment is", () =>
    Effect.gen(function*() {
      const item = {
        type: "shell_call",
        id: "sh_1",
        call_id: "call_1",
        status: "completed",
        action: { commands: ["ls"] }
      }
      const local = yield* generated(of(item), { tools: [OpenAiTool.Shell({})] })
      assert.deepStrictEqual([local.data[1]?.["providerExecuted"], reasonOf(local.data)], [false, "tool-calls"])
      const environment = { type: "container_reference", container_id: "cntr_1" } as const
      const output = { type: "shell_call_output", id: "sho_1", call_id: "call_1", output: [] }
      const hosted = yield* generated(of({ ...item, environment }, output), {
        tools: [OpenAiTool.HostedShell({ environment })]
      })
      assert.deepStrictEqual(
        hosted.data.slice(1, 3).map((part) => [part["type"], part["id"], part["providerExecuted"]]),
        [["tool-call", "call_1", true], ["tool-result", "call_1", true]]
      )
      assert.strictEqual(reasonOf(hosted.data), "stop")
    }))

  it.effect("have members nobody knows in their metadata, as texts and reasoning do", () =>
    Effect.gen(function*() {
      const content = [{ type: "output_text", text: "ok", tone: "kind" }, {
        type: "output_text",
        text: "!",
        tone: "loud"
      }]
      const { data } = yield* generated(
        of(
          { type: "reasoning", id: "rs_1", summary: [], format: "v1" },
          message("", { content, mood: { level: 3 } }),
          { type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: "{}", cost: 7 },
          { type: "custom_tool_call", id: "ct_1", call_id: "d", name: "g", input: "x", cost: 8 }
        ),
        { tools: [Tool.dynamic("f", { parameters: {} }), OpenAiTool.Custom("g")] }
      )
      assert.deepStrictEqual(data.slice(1, -1).map((part) => metadataOf(part)["more"]), [
        { format: "v1" },
        { mood: { level: 3 }, tone: "kind" },
        { tone: "loud" },
        { cost: 7 },
        { cost: 8 }
      ])
    }))

  it.effect("of a tool nobody declared are kept, not failed", () =>
    Effect.gen(function*() {
      const shell = { type: "shell_call", id: "sh_1", call_id: "call_1", action: { commands: ["ls"] } }
      const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search" } }
      const { data } = yield* generated(of(search, shell, message("ok")))
      assert.deepStrictEqual(types(data), ["response-metadata", "reasoning", "text", "finish"])
      assert.deepStrictEqual(data[1]?.["metadata"], { openai: { item: search } })
      assert.deepStrictEqual(metadataOf(data.at(-1))["unknown"], [shell])
      const undeclared = metadataOf(data.at(-1), "llmLayers")["undeclared"]
      assert.deepStrictEqual(Array.isArray(undeclared) && types(undeclared), ["tool-call", "tool-result"])
    }))
})
