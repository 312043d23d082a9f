/** What Cohere refuses although its description allows it. */
import * as Json from "@llm-layers/core/Json"
import type { Rule } from "../Vendor.ts"
import { choiceNeedsTools, messagesPaired, toolNames } from "./openai.ts"
import { everyRecord, type Place, problem, records } from "./walk.ts"

const docs = "https://docs.cohere.com"

/** The schema of the answer, and those of tools that the answer is held to. */
const heldTo = (body: unknown): ReadonlyArray<Place> => {
  const { response_format: format, strict_tools: strict } = Json.record(body)
  const schema = Json.record(format)["json_schema"]
  return [
    ...(schema === undefined ? [] : [{ path: "/response_format/json_schema", value: Json.record(schema) }]),
    ...(strict === true ? records(body, "tools") : []).map(({ path, value }) => ({
      path: `${path}/function/parameters`,
      value: Json.record(Json.record(value["function"])["parameters"])
    }))
  ]
}

const notTaken = [
  "allOf",
  "oneOf",
  "not",
  "maximum",
  "minimum",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minLength",
  "maxLength"
]
const formats = ["date-time", "uuid", "date", "time"]

/** Members of a schema are named as the caller likes, so that records of members are no schemas. */
const schemasIn = (root: Place): ReadonlyArray<Place> =>
  everyRecord(root.value, root.path).filter(({ path }) => !/\/(?:properties|\$defs)$/.test(path))

const schemas: Rule = {
  name: "what a schema may say",
  source: `${docs}/docs/structured-outputs#unsupported-schema-features`,
  check: ({ body }) =>
    heldTo(body).flatMap(schemasIn).flatMap((place) => {
      const { format, pattern } = place.value
      return [
        ...notTaken.filter((key) => key in place.value).map((key) => problem(place, `has the keyword ${key}`)),
        ...(typeof format === "string" && !formats.includes(format)
          ? [problem(place, `has the format ${format}`)]
          : []),
        ...(typeof pattern === "string" && /[\^$]|\(\?[=!]/.test(pattern)
          ? [problem(place, `has an anchor in the pattern ${pattern}`)]
          : [])
      ]
    })
}

const objects: Rule = {
  name: "the root is an object, and every object has a required member",
  source: `${docs}/docs/structured-outputs#schema-constraints, ${docs}/docs/structured-outputs (strict_tools)`,
  check: ({ body }) => {
    const roots = heldTo(body)
    return [
      ...roots.filter(({ value }) => value["type"] !== "object").map((place) => problem(place, "is no object")),
      ...roots.flatMap(schemasIn).filter(({ value }) =>
        value["type"] === "object" && Json.list(value["required"]).length === 0
      ).map((place) => problem(place, "is an object of which no member is required"))
    ]
  }
}

/** What the description says in words alone. */
const apart: Rule = {
  name: "what is not asked for together",
  source: `${docs}/reference/chat (\`response_format\`, \`safety_mode\`)`,
  check: ({ body }) => {
    const beside = ["tools", "documents"].filter((member) => member in Json.record(body))
    return ["response_format", "safety_mode"].filter((member) => member in Json.record(body)).flatMap((member) =>
      beside.map((other) => problem({ path: `/${member}` }, `is there beside ${other}`))
    )
  }
}

const fewStops: Rule = {
  name: "stop sequences",
  source: `${docs}/reference/chat (\`stop_sequences\`): "up to 5 strings"`,
  check: ({ body }) => {
    const stops = Json.list(Json.record(body)["stop_sequences"])
    return stops.length > 5 ? [problem({ path: "/stop_sequences" }, `has ${stops.length} texts`)] : []
  }
}

const images: Rule = {
  name: "images",
  source: `${docs}/docs/image-inputs: PNG, JPEG, WebP, GIF, as a data URL or by an address, of users alone`,
  check: ({ body }) =>
    records(body, "messages").flatMap((message) =>
      records(message.value, "content", message.path).filter(({ value }) => value["type"] === "image_url").flatMap(
        (place) => {
          const url = String(Json.record(place.value["image_url"])["url"])
          return [
            ...(message.value["role"] === "user" ? [] : [problem(place, "is an image of somebody else")]),
            ...(/^(?:https?:\/\/|data:image\/(?:png|jpeg|gif|webp);base64,)/.test(url)
              ? []
              : [problem(place, `is the image ${url.slice(0, 40)}`)])
          ]
        }
      )
    )
}

const saysSomething: Rule = {
  name: "messages say something",
  source: `400 "invalid request: all elements in history must have a message", and of tools and documents alike`,
  check: ({ body }) =>
    records(body, "messages").filter(({ value }) =>
      value["role"] !== "tool" && !["tool_calls", "tool_plan"].some((member) => member in value) &&
      (value["content"] === undefined || value["content"] === "" ||
        Array.isArray(value["content"]) && value["content"].length === 0)
    ).map((place) => problem(place, "is a message of nothing"))
}

const planNeedsCalls: Rule = {
  name: "a plan comes with calls",
  source: `${docs}/reference/chat (\`tool_plan\`): "plan that the model generates when working with Tools"`,
  check: ({ body }) =>
    records(body, "messages").filter(({ value }) => "tool_plan" in value && !("tool_calls" in value)).map((place) =>
      problem(place, "has a plan without calls")
    )
}

export const chatRules: ReadonlyArray<Rule> = [
  { ...messagesPaired, source: `${docs}/docs/tool-use-overview: a \`tool\` message for each call, after them` },
  { ...toolNames, source: `${docs}/docs/tool-use-overview: calls name their tool` },
  { ...choiceNeedsTools, source: `${docs}/reference/chat (\`tool_choice\`)` },
  schemas,
  objects,
  apart,
  fewStops,
  images,
  saysSomething,
  planNeedsCalls
]
