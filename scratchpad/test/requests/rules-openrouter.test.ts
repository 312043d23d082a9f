import { chatRules, embeddingRules } from "../../src/requests/rules/openrouter.ts"
import { type Body, type Examples, sent, suite } from "./broken.ts"

const names = { "http-referer": "https://app.example.com", "x-openrouter-title": "Rivers" }
const named = (body: Body) => sent(body, names)
const tool = (name: string, parameters: unknown) => ({ type: "function", function: { name, parameters } })
const tools = (...all: ReadonlyArray<Body>) => named({ tools: all })
const empty = { type: "object", properties: {} }
const calling = { role: "assistant", tool_calls: [{ id: "c" }] }
const result = { role: "tool", tool_call_id: "c" }

const examples: Examples = {
  "parameters are an object, and lists have items": {
    wrong: [tools(tool("f", { type: "object" })), tools(tool("f", { ...empty, properties: { a: { type: "array" } } }))],
    right: tools(tool("f", empty))
  },
  "names of tools": {
    wrong: [tools(tool("a.b", empty)), tools(tool("f", empty), tool("f", empty))],
    right: tools(tool("f", empty), tool("g", empty))
  },
  "tool choice with tools alone": {
    wrong: [named({ tool_choice: "auto" }), named({ parallel_tool_calls: true })],
    right: named({ tool_choice: "auto", tools: [tool("f", empty)] })
  },
  "results follow their calls": {
    wrong: [named({ messages: [calling] }), named({ messages: [result] })],
    right: named({ messages: [calling, result] })
  },
  "reasoning by effort or by tokens": {
    wrong: [named({ reasoning: { effort: "low", max_tokens: 1024 } })],
    right: named({ reasoning: { effort: "low", exclude: true } })
  },
  "reasoning details as they came": {
    wrong: [named({ messages: [{ role: "assistant", reasoning_details: [{ text: "A river." }] }] })],
    right: named({ messages: [{ role: "assistant", reasoning_details: [{ type: "reasoning.text" }] }] })
  },
  "the app names itself": {
    wrong: [sent({}), sent({}, { ...names, "x-openrouter-title": "Lakes" })],
    right: named({})
  },
  "inputs of embeddings": {
    wrong: [named({ input: [] }), named({ input: ["a", ""] })],
    right: named({ input: ["a"] })
  }
}

suite("OpenRouter", chatRules, examples)
suite("embeddings of OpenRouter", embeddingRules, examples)
