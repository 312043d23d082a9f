import { chatRules } from "../../src/requests/rules/cohere.ts"
import { type Body, type Examples, sent, suite } from "./broken.ts"

const messages = (...all: ReadonlyArray<Body>) => sent({ messages: all })
const tool = (name: string, parameters: unknown = { type: "object" }) => ({
  type: "function",
  function: { name, parameters }
})
const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } }
const calling = { role: "assistant", tool_calls: [call] }
const result = { role: "tool", tool_call_id: "c", content: "x" }
const user = { role: "user", content: "x" }

const object = { type: "object", properties: { a: { type: "string" } }, required: ["a"] }
const formatOf = (json_schema: unknown) => sent({ response_format: { type: "json_object", json_schema } })
const formatWith = (a: Body) => formatOf({ ...object, properties: { a } })
const strict = (parameters: unknown, strict_tools = true) => sent({ strict_tools, tools: [tool("f", parameters)] })
const image = (url: string, role = "user") => messages({ role, content: [{ type: "image_url", image_url: { url } }] })

const examples: Examples = {
  "results follow their calls": {
    wrong: [messages(calling), messages(result), messages(calling, user, result), messages(calling, result, result)],
    right: messages(user, calling, result)
  },
  "names of tools": {
    wrong: [sent({ tools: [tool("a.b")] }), sent({ tools: [tool("f"), tool("f")] })],
    right: sent({ tools: [tool("f"), tool("g")] })
  },
  "tool choice with tools alone": {
    wrong: [sent({ tool_choice: "NONE" }), sent({ tool_choice: "REQUIRED", tools: [] })],
    right: sent({ tool_choice: "REQUIRED", tools: [tool("f")] })
  },
  "what a schema may say": {
    wrong: [
      formatWith({ type: "string", minLength: 1 }),
      formatWith({ type: "array", items: { type: "integer", maximum: 3 } }),
      formatWith({ type: "string", format: "email" }),
      formatWith({ type: "string", pattern: "^a" }),
      formatOf({ ...object, $defs: { one: { oneOf: [] } } }),
      strict({ ...object, allOf: [] })
    ],
    // Members may have the names of keywords.
    right: formatOf({
      type: "object",
      properties: { minimum: { type: "string", format: "date" }, b: { anyOf: [{ const: 1 }], pattern: "[a-z]+" } },
      required: ["minimum"]
    })
  },
  "the root is an object, and every object has a required member": {
    wrong: [
      formatOf({ type: "array", items: object }),
      formatOf({ ...object, required: [] }),
      formatWith({ type: "object", properties: { b: { type: "string" } } }),
      strict({ type: "object" })
    ],
    right: strict({ type: "object" }, false)
  },
  "what is not asked for together": {
    wrong: [
      sent({ response_format: {}, tools: [] }),
      sent({ response_format: {}, documents: [] }),
      sent({ safety_mode: "STRICT", tools: [] }),
      sent({ safety_mode: "STRICT", documents: [] })
    ],
    right: sent({ response_format: {}, safety_mode: "STRICT" })
  },
  "stop sequences": {
    wrong: [sent({ stop_sequences: ["1", "2", "3", "4", "5", "6"] })],
    right: sent({ stop_sequences: ["1", "2", "3", "4", "5"] })
  },
  "images": {
    wrong: [image("data:image/bmp;base64,AA=="), image("map.png"), image("https://example.com/map.png", "tool")],
    right: image("data:image/png;base64,AA==")
  },
  "messages say something": {
    wrong: [
      messages({ role: "user", content: "" }),
      messages({ role: "user", content: [] }),
      messages({ role: "assistant" })
    ],
    right: messages(calling, { ...result, content: "" })
  },
  "a plan comes with calls": {
    wrong: [messages({ role: "assistant", tool_plan: "I will." })],
    right: messages({ ...calling, tool_plan: "I will." })
  }
}

suite("Cohere", chatRules, examples)
