import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import { Tool } from "effect/ai"
import { body, encode } from "./fixtures/request.ts"

const Look = Tool.make("look", {
  description: "Looks.",
  parameters: Schema.Struct({ at: Schema.String, times: Schema.optionalKey(Schema.Int) }),
  success: Schema.String
})
const Wait = Tool.make("wait", { success: Schema.String })
const tools = [Look, Wait]

const namesOf = (tools: unknown) =>
  (tools as ReadonlyArray<{ readonly function: { readonly name: string } }>).map((tool) => tool.function.name)

it.effect("a tool is a function; what is optional need not be given", () =>
  Effect.gen(function*() {
    const request = yield* body({ tools: [Look] })
    assert.deepStrictEqual<unknown>(request["tools"], [{
      type: "function",
      function: {
        name: "look",
        description: "Looks.",
        parameters: {
          type: "object",
          properties: { at: { type: "string" }, times: { type: "integer" } },
          required: ["at"]
        }
      }
    }])
    assert.isUndefined(request["tool_choice"])
    assert.isUndefined(request["strict_tools"])
  }))

it.effect("a tool without parameters takes an object", () =>
  Effect.gen(function*() {
    const { tools } = yield* body({ tools: [Wait] })
    assert.deepInclude((tools as ReadonlyArray<{ function: { parameters: unknown } }>)[0]?.function.parameters, {
      type: "object"
    })
  }))

describe("the choice", () => {
  it.effect("required and none have words on the wire", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* body({ tools, toolChoice: "required" }))["tool_choice"], "REQUIRED")
      const none = yield* body({ tools, toolChoice: "none" })
      assert.strictEqual(none["tool_choice"], "NONE")
      assert.deepStrictEqual(namesOf(none["tools"]), ["look", "wait"])
    }))

  it.effect("a named tool is the only one that is sent, which a warning says", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({ tools, toolChoice: { tool: "look" } })
      assert.deepStrictEqual(namesOf(body["tools"]), ["look"])
      assert.strictEqual(body["tool_choice"], "REQUIRED")
      assert.deepStrictEqual(warnings, [{
        about: "toolChoice",
        message: "Cohere cannot be told which tool to call, so wait was not sent"
      }])
    }))

  it.effect("one of several holds on the wire", () =>
    Effect.gen(function*() {
      const auto = yield* body({ tools, toolChoice: { mode: "auto", oneOf: ["wait"] } })
      assert.deepStrictEqual(namesOf(auto["tools"]), ["wait"])
      assert.isUndefined(auto["tool_choice"])
      const forced = yield* body({ tools, toolChoice: { mode: "required", oneOf: ["wait"] } })
      assert.strictEqual(forced["tool_choice"], "REQUIRED")
    }))

  it.effect("models without the parameter are told of no tool where none may be called", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({ model: "command-r-08-2024", tools, toolChoice: "none" })
      assert.isUndefined(body["tools"])
      assert.isUndefined(body["tool_choice"])
      assert.deepStrictEqual(warnings, [{
        about: "toolChoice",
        message: "command-r-08-2024 cannot be told to call no tool, so look, wait were not sent"
      }])
    }))

  it.effect("of no tool is an invalid request", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(encode({ tools, toolChoice: { tool: "other" } }))
      assert.strictEqual(ProviderError.kindOf(error), "InvalidRequest")
    }))
})

describe("strictness", () => {
  const Ask = Tool.make("ask", { parameters: Schema.Struct({ whom: Schema.String }), success: Schema.String })
  const tools = [Look, Ask]
  const strict = Look.annotate(Tool.Strict, true)
  const free = Ask.annotate(Tool.Strict, false)

  it.effect("is of the whole request", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* body({ tools, settings: { strictTools: true } }))["strict_tools"], true)
      assert.strictEqual((yield* body({ tools, settings: { strictTools: false } }))["strict_tools"], false)
      assert.strictEqual((yield* body({ tools: [strict, Ask] }))["strict_tools"], true)
      assert.strictEqual((yield* body({ tools: [free], settings: { strictTools: true } }))["strict_tools"], false)
    }))

  it.effect("that tools say opposite things of fails, or is all's with a warning", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(encode({ tools: [strict, free] }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      const { body, warnings } = yield* encode({ tools: [strict, free], settings: { unsupported: "warn" } })
      assert.strictEqual(body["strict_tools"], true)
      assert.deepStrictEqual(warnings.map((one) => one.about), ["strictTools"])
    }))

  it.effect("of a tool without a required parameter fails, or is nobody's with a warning", () =>
    Effect.gen(function*() {
      const asked = { tools: [Look, Wait], settings: { strictTools: true } }
      const error = yield* Effect.flip(encode(asked))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.include(error.message, "wait has no required parameter")
      const { body, warnings } = yield* encode({ ...asked, settings: { ...asked.settings, unsupported: "warn" } })
      assert.strictEqual(body["strict_tools"], false)
      assert.deepStrictEqual(namesOf(body["tools"]), ["look", "wait"])
      assert.deepStrictEqual(warnings.map((one) => one.about), ["strictTools"])
    }))

  it.effect("goes with members that are all optional, which are then required", () =>
    Effect.gen(function*() {
      const Turn = Tool.make("turn", {
        parameters: Schema.Struct({ by: Schema.optionalKey(Schema.Int) }),
        success: Schema.String
      })
      assert.strictEqual((yield* body({ tools: [Turn], settings: { strictTools: true } }))["strict_tools"], true)
    }))
})

it.effect("tools of other providers are refused", () =>
  Effect.gen(function*() {
    const Search = Tool.providerDefined({
      id: "acme.search",
      customName: "AcmeSearch",
      providerName: "search",
      args: Schema.Struct({}),
      parameters: Schema.Struct({}),
      success: Schema.String
    })
    const error = yield* Effect.flip(encode({ tools: [Search({})] }))
    assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    assert.include(error.message, "acme.search")
  }))

it.effect("a recursive tool goes as it is, unless it is to be strict", () =>
  Effect.gen(function*() {
    interface Tree {
      readonly children: ReadonlyArray<Tree>
    }
    const Tree: Schema.Codec<Tree> = Schema.Struct({
      children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
    })
    const Plant = Tool.make("plant", { parameters: Schema.Struct({ tree: Tree }), success: Schema.String })
    assert.isDefined((yield* body({ tools: [Plant] }))["tools"])
    const error = yield* Effect.flip(encode({ tools: [Plant], settings: { strictTools: true } }))
    assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
  }))
