import { contentRules, embeddingRules } from "../../src/requests/rules/google.ts"
import { type Body, type Examples, sent, suite } from "./broken.ts"

const key = { "x-goog-api-key": "AIza-unused" }
const to = (model: string, method: string) => (body: Body) => sent(body, key, `/v1beta/models/${model}:${method}`)
const generate = to("gemini-3.5-flash", "generateContent")
const embed = to("gemini-embedding-001", "batchEmbedContents")

const turn = (role: string, ...parts: ReadonlyArray<Body>) => ({ role, parts })
const contents = (...all: ReadonlyArray<Body>) => generate({ contents: all })
const user = turn("user", { text: "Hi." })
const call = { functionCall: { id: "c", name: "f", args: {} }, thoughtSignature: "AA==" }
const result = { functionResponse: { id: "c", name: "f", response: {} } }

const object = { type: "object", properties: { a: { type: "string" } } }
const functions = (...functionDeclarations: ReadonlyArray<Body>) => generate({ tools: [{ functionDeclarations }] })
const declared = (parametersJsonSchema: unknown) => functions({ name: "f", parametersJsonSchema })
const allowed = (allowedFunctionNames: ReadonlyArray<string>, mode: string) =>
  generate({
    tools: [{ functionDeclarations: [{ name: "f" }] }],
    toolConfig: { functionCallingConfig: { allowedFunctionNames, mode } }
  })
const text = { model: "models/gemini-embedding-001" }

const examples: Examples = {
  "every content has a part, and every part says something": {
    wrong: [contents(), contents(turn("user")), contents(user, turn("model", { text: "" }))],
    right: contents(user, turn("model", { text: "", thoughtSignature: "AA==" }))
  },
  "a part is one thing": {
    wrong: [contents(turn("user", { text: "a", fileData: {} })), contents(turn("user", { thought: true }))],
    right: contents(turn("model", { text: "a", thought: true, thoughtSignature: "AA==" }))
  },
  "results come right after their calls, as many as there are, and alone": {
    wrong: [
      contents(turn("user", result)),
      contents(turn("model", call), user, turn("user", result)),
      contents(turn("model", call), turn("user", result, { text: "And?" })),
      contents(turn("model", call), turn("user", result, result))
    ],
    right: contents(turn("model", call), turn("user", result), user)
  },
  "the first call of a step is signed": {
    wrong: [contents(turn("model", { functionCall: call.functionCall }))],
    right: to("gemini-2.5-flash", "generateContent")({ contents: [turn("model", { functionCall: call.functionCall })] })
  },
  "names of functions are of the form, and there is one of each": {
    wrong: [functions({ name: "1f" }), functions({ name: "f".repeat(129) }), functions({ name: "f" }, { name: "f" })],
    right: functions({ name: "f:a.b-c" }, { name: "g" })
  },
  "schemas have the members that are supported, and a reference stands alone": {
    wrong: [
      declared({ ...object, allOf: [] }),
      declared({ ...object, properties: { a: { type: "string", minLength: 1 } } }),
      declared({ ...object, properties: { a: { $ref: "#/$defs/a", description: "One." } } }),
      generate({ generationConfig: { responseJsonSchema: { type: "array", items: { const: 1 } } } })
    ],
    right: declared({ ...object, properties: { const: { $ref: "#/$defs/a" } }, $defs: { a: { type: "string" } } })
  },
  "parameters are an object": {
    wrong: [declared({ type: "array", items: {} })],
    right: declared(object)
  },
  "allowed functions are declared, and only where a call is forced": {
    wrong: [allowed(["g"], "ANY"), allowed(["f"], "AUTO")],
    right: allowed(["f"], "ANY")
  },
  "the key is in its header alone": {
    wrong: [
      sent({}),
      sent({}, key, "/v1beta/models/gemini-3.5-flash:generateContent?key=AIza-unused"),
      generate({ labels: { key: "AIza-unused" } })
    ],
    right: generate({})
  },
  "a batch has as many texts as it may have": {
    wrong: [embed({ requests: Array.from({ length: 101 }, () => text) })],
    right: embed({ requests: Array.from({ length: 100 }, () => text) })
  },
  "each text names the model of the path": {
    wrong: [embed({ requests: [text, { model: "models/other" }] })],
    right: embed({ requests: [text] })
  }
}

suite("Google", contentRules, examples)
suite("embeddings of Google", embeddingRules, examples)
