/** What OpenAI refuses although its description allows it. */
import * as Json from "@llm-layers/core/Json"
import type { Problem } from "../description/explain.ts"
import type { Rule } from "../Vendor.ts"
import { type Dialect, strictProblems } from "./strict-schema.ts"
import { everyRecord, type Place, problem, records, repeated } from "./walk.ts"

const guides = "https://developers.openai.com/api/docs/guides"

const dialect: Dialect = {
  keywords: new Set([
    "title",
    "description",
    "pattern",
    "format",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems"
  ]),
  allRequired: true,
  recursive: true,
  objectRoot: true,
  maxDepth: 10
}

/** What has `strict: true` and a schema, wherever it is in a request. */
const strictSchemas: Rule = {
  name: "strict schemas",
  source: `${guides}/structured-outputs#supported-schemas`,
  check: ({ body }) =>
    everyRecord(body).flatMap(({ path, value }) => {
      if (value["strict"] !== true) return []
      const member = "parameters" in value ? "parameters" : "schema"
      return strictProblems(value[member], dialect, `${path}/${member}`)
    })
}

/** The definitions of functions and free-form tools, which Chat Completions has one level deeper. */
const definitionsOf = (body: unknown): ReadonlyArray<Place> =>
  records(body, "tools").map(({ path, value }) => {
    const type = String(value["type"])
    const inner = value[type]
    return Json.isRecord(inner) ? { path: `${path}/${type}`, value: { type, ...inner } } : { path, value }
  })

export const parametersComplete: Rule = {
  name: "parameters are an object, and lists have items",
  source:
    "400 \"object schema missing properties\", \"array schema missing items\", \"schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level\"",
  check: ({ body }) =>
    definitionsOf(body).filter(({ value }) => value["type"] === "function").flatMap(({ path, value }) => {
      const root = Json.record(value["parameters"])
      const place = { path: `${path}/parameters` }
      const union = ["oneOf", "anyOf", "allOf", "enum", "not"].find((key) => key in root)
      return [
        ...(root["type"] === "object" && union === undefined ? [] : [problem(place, "is no plain object at its root")]),
        ...("properties" in root ? [] : [problem(place, "has no properties")]),
        ...everyRecord(root, place.path)
          .filter((one) => one.value["type"] === "array" && !("items" in one.value) && !("prefixItems" in one.value))
          .map((one) => problem(one, "is a list without items"))
      ]
    })
}

export const toolNames: Rule = {
  name: "names of tools",
  source: "API reference, `tools`: letters, digits, underscores and dashes, 64 at most; no name twice",
  check: ({ body }) => {
    const named = definitionsOf(body).filter(({ value }) => typeof value["name"] === "string")
    return [
      ...named.filter(({ value }) => !/^[a-zA-Z0-9_-]{1,64}$/.test(String(value["name"]))).map((place) =>
        problem(place, `is named ${JSON.stringify(place.value["name"])}`)
      ),
      ...repeated(named.map(({ value }) => value["name"])).map((name) =>
        problem({ path: "/tools" }, `has ${JSON.stringify(name)} more than once`)
      )
    ]
  }
}

export const choiceNeedsTools: Rule = {
  name: "tool choice with tools alone",
  source: "400 \"'tool_choice' is only allowed when 'tools' are specified\", and the same of parallel_tool_calls",
  check: ({ body }) =>
    records(body, "tools").length > 0
      ? []
      : ["tool_choice", "parallel_tool_calls"].filter((member) => member in Json.record(body)).map((member) =>
        problem({ path: `/${member}` }, "is there without tools")
      )
}

/** Calls and the ids of their results, in the order of the request. */
interface Exchange {
  readonly calls: ReadonlyArray<string>
  readonly results: ReadonlyArray<string>
}

const pairs = (path: string, { calls, results }: Exchange): ReadonlyArray<Problem> => [
  ...calls.filter((id) => !results.includes(id)).map((id) => problem({ path }, `has the call ${id} without a result`)),
  ...results.filter((id) => !calls.includes(id)).map((id) =>
    problem({ path }, `has a result of ${id}, which was not called`)
  ),
  ...repeated(calls).map((id) => problem({ path }, `has two calls with the id ${String(id)}`)),
  ...repeated(results).map((id) => problem({ path }, `has two results of ${String(id)}`))
]

/** Calls that OpenAI ran itself have their result in them, or in an item the vendor gave. */
const callTypes = new Set([
  "function_call",
  "custom_tool_call",
  "local_shell_call",
  "apply_patch_call",
  "computer_call",
  "shell_call"
])

const continues = (body: unknown): boolean =>
  Json.isRecord(body) && ("previous_response_id" in body || "conversation" in body)

const itemsPaired: Rule = {
  name: "calls have outputs",
  source: "400 \"No tool output found for function call …\" and \"No tool call found for function call output …\"",
  check: ({ body }) => {
    const items = records(body, "input").map(({ value }) => value)
    const idsOf = (of: (type: string) => boolean) =>
      items.filter((item) => of(String(item["type"]))).map((item) => String(item["call_id"]))
    const calls = idsOf((type) => callTypes.has(type))
    const results = idsOf((type) => callTypes.has(type.replace(/_output$/, "")) && type.endsWith("_output"))
    // The calls may be in what the request continues.
    return continues(body) ? [] : pairs("/input", { calls, results })
  }
}

const reasoningFollowed: Rule = {
  name: "reasoning is followed by its item",
  source: "400 \"Item 'rs_…' of type 'reasoning' was provided without its required following item\"",
  check: ({ body }) => {
    const items = records(body, "input")
    return items.filter(({ value }, index) => {
      const next = items[index + 1]?.value
      const own = next?.["role"] === undefined || next["role"] === "assistant"
      const isOutput = String(next?.["type"]).endsWith("_output")
      return value["type"] === "reasoning" && (next === undefined || !own || isOutput)
    }).map((place) => problem(place, "is reasoning that nothing of the assistant follows"))
  }
}

const reasoningKept: Rule = {
  name: "reasoning that is not stored is encrypted",
  source: "400 \"Item with id 'rs_…' not found. Items are not persisted when `store` is set to false\"",
  check: ({ body }) =>
    Json.record(body)["store"] !== false ? [] : records(body, "input")
      .filter(({ value }) => value["type"] === "reasoning" && typeof value["encrypted_content"] !== "string")
      .map((place) => problem(place, "is reasoning without encrypted_content"))
}

const imageTypes = /^(?:https?:\/\/|data:image\/(?:png|jpeg|gif|webp);base64,)/

const images: Rule = {
  name: "images",
  source: `${guides}/images-vision#image-input-requirements: PNG, JPEG, WebP, GIF, as a data URL or by an address`,
  check: ({ body }) =>
    everyRecord(body).flatMap((place) => {
      const given = place.value["image_url"]
      const url = Json.isRecord(given) ? given["url"] : given
      return typeof url === "string" && !imageTypes.test(url)
        ? [problem(place, `has the image ${url.slice(0, 40)}`)]
        : []
    })
}

const files: Rule = {
  name: "files",
  source: `${guides}/pdf-files: data with a name and as a data URL, or an id, or (Responses) an address; one of them`,
  check: ({ body }) =>
    everyRecord(body).flatMap((place) => {
      const { value } = place
      const isFile = value["type"] === "input_file" || "file_data" in value
      if (!isFile) return []
      const forms = ["file_data", "file_id", "file_url"].filter((member) => member in value)
      const data = value["file_data"]
      return [
        ...(forms.length === 1 ? [] : [problem(place, `is a file with ${forms.join(" and ") || "nothing in it"}`)]),
        ...(data === undefined || typeof value["filename"] === "string"
          ? []
          : [problem(place, "is data without a name")]),
        ...(typeof data !== "string" || /^data:[^;,]+;base64,/.test(data)
          ? []
          : [problem(place, "is data without a type")])
      ]
    })
}

export const messagesPaired: Rule = {
  name: "results follow their calls",
  source: "400 \"An assistant message with 'tool_calls' must be followed by tool messages responding to each\"",
  check: ({ body }) => {
    const messages = records(body, "messages")
    return messages.flatMap((place, index) => {
      if (place.value["role"] === "tool") {
        const before = messages.slice(0, index).findLast(({ value }) => value["role"] !== "tool")?.value
        return before?.["role"] === "assistant" && Json.list(before["tool_calls"]).length > 0
          ? []
          : [problem(place, "is a result that follows no calls")]
      }
      const calls = Json.list(place.value["tool_calls"]).map((call) => String(Json.record(call)["id"]))
      if (calls.length === 0) return []
      const rest = messages.slice(index + 1)
      const end = rest.findIndex(({ value }) => value["role"] !== "tool")
      const answers = end < 0 ? rest : rest.slice(0, end)
      return pairs(place.path, { calls, results: answers.map(({ value }) => String(value["tool_call_id"])) })
    })
  }
}

const callIds: Rule = {
  name: "ids of calls",
  source: "400 \"Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40\"",
  check: ({ body }) =>
    records(body, "messages").flatMap((message) => records(message.value, "tool_calls", message.path))
      .filter(({ value }) => String(value["id"]).length > 40)
      .map((place) => problem(place, `has an id of ${String(place.value["id"]).length} characters`))
}

const saysSomething: Rule = {
  name: "assistant messages say something",
  source: "400 \"Invalid value for 'content': expected a string, got null\" without tool_calls, audio or a refusal",
  check: ({ body }) =>
    records(body, "messages").filter(({ value }) =>
      value["role"] === "assistant" && (value["content"] === null || value["content"] === undefined) &&
      !["tool_calls", "audio", "refusal"].some((member) => member in value)
    ).map((place) => problem(place, "is an answer without content"))
}

const streamsUsage: Rule = {
  name: "a stream is asked for its token counts",
  source: "API reference, `stream_options.include_usage`: no counts without",
  check: ({ body }) => {
    const { stream, stream_options: options } = Json.record(body)
    return stream === true && Json.record(options)["include_usage"] !== true
      ? [problem({ path: "/stream_options" }, "does not ask for usage")]
      : []
  }
}

export const inputs: Rule = {
  name: "inputs of embeddings",
  source: "API reference, embeddings, `input`: no empty string, 2048 at most",
  check: ({ body }) => {
    const input = Json.list(Json.record(body)["input"])
    return input.length === 0 || input.length > 2048 || input.includes("")
      ? [problem({ path: "/input" }, `has ${input.length} texts${input.includes("") ? ", an empty one" : ""}`)]
      : []
  }
}

const both = [strictSchemas, parametersComplete, toolNames, choiceNeedsTools, images, files]

export const responsesRules: ReadonlyArray<Rule> = [...both, itemsPaired, reasoningFollowed, reasoningKept]
export const chatRules: ReadonlyArray<Rule> = [...both, messagesPaired, callIds, saysSomething, streamsUsage]
export const embeddingRules: ReadonlyArray<Rule> = [inputs]
