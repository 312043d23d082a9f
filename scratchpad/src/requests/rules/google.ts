/** What Google refuses although its description allows it. */
import * as Json from "@llm-layers/core/Json"
import type { Rule } from "../Vendor.ts"
import { everyRecord, type Place, problem, records, repeated } from "./walk.ts"

const docs = "https://ai.google.dev"

const contentsOf = (body: unknown): ReadonlyArray<Place> => records(body, "contents")
const partsOf = (content: Place): ReadonlyArray<Place> => records(content.value, "parts", content.path)
const functionsOf = (body: unknown): ReadonlyArray<Place> =>
  records(body, "tools").flatMap((tool) => records(tool.value, "functionDeclarations", tool.path))

const says: Rule = {
  name: "every content has a part, and every part says something",
  source: "400 \"contents.parts must not be empty\"; a text of nothing is taken where there is nothing else",
  check: ({ body }) => {
    const contents = contentsOf(body)
    const parts = contents.flatMap(partsOf)
    return [
      ...(contents.length === 0 ? [problem({ path: "/contents" }, "is empty")] : []),
      ...contents.filter((content) => partsOf(content).length === 0).map((place) => problem(place, "has no part")),
      ...parts.filter(({ value }) =>
        parts.length > 1 && value["text"] === "" && value["thoughtSignature"] === undefined
      ).map((place) => problem(place, "is a text of nothing"))
    ]
  }
}

const oneOfEach: Rule = {
  name: "a part is one thing",
  source: `${docs}/api/caching#Part: \`data\` is a union`,
  check: ({ body }) =>
    contentsOf(body).flatMap(partsOf).filter(({ value }) =>
      Object.keys(value).filter((member) =>
        ![
          "thought",
          "thoughtSignature",
          "videoMetadata",
          "mediaResolution",
          "partMetadata"
        ].includes(member)
      ).length !== 1
    ).map((place) => problem(place, "is several things, or nothing"))
}

/** The ids of calls or results among some parts. */
const idsOf = (parts: ReadonlyArray<Place>, member: string): ReadonlyArray<unknown> =>
  parts.flatMap(({ value }) => Json.isRecord(value[member]) ? [value[member]["id"]] : [])

const resultsFollow: Rule = {
  name: "results come right after their calls, as many as there are, and alone",
  source:
    "400 \"Please ensure that the number of function response parts is equal to the number of function call parts "
    + "of the function call turn\"",
  check: ({ body }) => {
    const contents = contentsOf(body)
    return contents.flatMap((content, index) => {
      const parts = partsOf(content)
      const results = idsOf(parts, "functionResponse")
      if (results.length === 0) return []
      const before = contents[index - 1]
      const calls = before === undefined ? [] : idsOf(partsOf(before), "functionCall")
      return [
        ...(results.length < parts.length ? [problem(content, "has results and something else")] : []),
        ...results.filter((id) => !calls.includes(id)).map((id) =>
          problem(content, `has a result for ${String(id)}, which was not called right before`)
        ),
        ...repeated(results).map((id) => problem(content, `has two results for ${String(id)}`))
      ]
    })
  }
}

const firstCallSigned: Rule = {
  name: "the first call of a step is signed",
  source: `${docs}/gemini-api/docs/thought-signatures: Gemini 3 answers 400 without`,
  check: ({ body, path }) =>
    /gemini-[12]/.test(path) ? [] : contentsOf(body).flatMap((content) => {
      const first = partsOf(content).find(({ value }) => "functionCall" in value)
      return first === undefined || typeof first.value["thoughtSignature"] === "string"
        ? []
        : [problem(first, "is a call without a thought signature")]
    })
}

const toolNames: Rule = {
  name: "names of functions are of the form, and there is one of each",
  source: `${docs}/api/caching#FunctionDeclaration: letters, digits, underscores, colons, dots and dashes, 128 at most`,
  check: ({ body }) => {
    const functions = functionsOf(body)
    return [
      ...functions.filter(({ value }) => !/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(String(value["name"])))
        .map((place) => problem(place, "has a name of another form")),
      ...repeated(functions.map(({ value }) => value["name"])).map((name) =>
        problem({ path: "/tools" }, `there are two functions ${String(name)}`)
      )
    ]
  }
}

/** Members of JSON Schema that the documentation names. */
const known = new Set([
  "$id",
  "$defs",
  "$ref",
  "$anchor",
  "type",
  "format",
  "title",
  "description",
  "enum",
  "items",
  "prefixItems",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "anyOf",
  "oneOf",
  "properties",
  "additionalProperties",
  "required",
  "propertyOrdering"
])

const byName = new Set(["properties", "$defs"])

/** Every schema in one, the schema first. */
const schemasIn = (value: unknown, path: string): ReadonlyArray<Place> => {
  if (Array.isArray(value)) return value.flatMap((one, index) => schemasIn(one, `${path}/${index}`))
  if (!Json.isRecord(value)) return []
  const inside = Object.entries(value).flatMap(([member, child]) =>
    byName.has(member)
      ? Object.entries(Json.record(child)).flatMap(([name, one]) => schemasIn(one, `${path}/${member}/${name}`))
      : ["items", "prefixItems", "anyOf", "oneOf", "additionalProperties"].includes(member)
      ? schemasIn(child, `${path}/${member}`)
      : []
  )
  return [{ path, value }, ...inside]
}

const schemasOf = (body: unknown): ReadonlyArray<Place> => [
  ...functionsOf(body).flatMap(({ path, value }) =>
    schemasIn(value["parametersJsonSchema"], `${path}/parametersJsonSchema`)
  ),
  ...schemasIn(
    Json.record(Json.record(body)["generationConfig"])["responseJsonSchema"],
    "/generationConfig/responseJsonSchema"
  )
]

const schemas: Rule = {
  name: "schemas have the members that are supported, and a reference stands alone",
  source: `${docs}/api/generate-content, \`responseJsonSchema\``,
  check: ({ body }) =>
    schemasOf(body).flatMap((place) => {
      const members = Object.keys(place.value)
      return [
        ...members.filter((member) => !known.has(member)).map((member) => problem(place, `has ${member}`)),
        ...("$ref" in place.value && members.some((member) => !member.startsWith("$"))
          ? [problem(place, "has a reference and something beside it")]
          : [])
      ]
    })
}

const parametersAreObjects: Rule = {
  name: "parameters are an object",
  source: `${docs}/api/caching#FunctionDeclaration: "The schema must describe an object"`,
  check: ({ body }) =>
    functionsOf(body).filter(({ value }) => {
      const schema = Json.record(value["parametersJsonSchema"])
      return schema["type"] !== "object" && schema["$ref"] === undefined
    }).map((place) => problem(place, "has parameters that are no object"))
}

const allowedAreDeclared: Rule = {
  name: "allowed functions are declared, and only where a call is forced",
  source: `${docs}/api/caching#FunctionCallingConfig: "should only be set when the mode is ANY or VALIDATED"`,
  check: ({ body }) => {
    const config = Json.record(Json.record(Json.record(body)["toolConfig"])["functionCallingConfig"])
    const names = functionsOf(body).map(({ value }) => value["name"])
    const allowed = Json.list(config["allowedFunctionNames"])
    const path = "/toolConfig/functionCallingConfig"
    return [
      ...allowed.filter((name) => !names.includes(name)).map((name) =>
        problem({ path }, `allows ${String(name)}, which is no function`)
      ),
      ...(allowed.length > 0 && !["ANY", "VALIDATED"].includes(String(config["mode"]))
        ? [problem({ path }, "allows some functions in another mode")]
        : [])
    ]
  }
}

const noKeyInAddress: Rule = {
  name: "the key is in its header alone",
  source: `${docs}/gemini-api/docs/api-key`,
  check: ({ body, headers, path }) => [
    ...(headers.get("x-goog-api-key") === "AIza-unused" ? [] : [problem({ path }, "has no key in its header")]),
    ...(path.includes("AIza") || JSON.stringify(everyRecord(body)).includes("AIza-unused")
      ? [problem({ path }, "has the key in its address or body")]
      : [])
  ]
}

export const contentRules: ReadonlyArray<Rule> = [
  says,
  oneOfEach,
  resultsFollow,
  firstCallSigned,
  toolNames,
  schemas,
  parametersAreObjects,
  allowedAreDeclared,
  noKeyInAddress
]

const batch: Rule = {
  name: "a batch has as many texts as it may have",
  source: "400 \"at most 100 requests can be in one batch\"",
  check: ({ body }) =>
    records(body, "requests").length > 100 ? [problem({ path: "/requests" }, "has more than 100 requests")] : []
}

const modelOfPath: Rule = {
  name: "each text names the model of the path",
  source: `${docs}/api/embeddings: "must match the \`model\` of the batch"`,
  check: ({ body, path }) =>
    records(body, "requests").filter(({ value }) => !path.includes(`/${String(value["model"])}:`))
      .map((place) => problem(place, "names another model"))
}

export const embeddingRules: ReadonlyArray<Rule> = [batch, modelOfPath, noKeyInAddress]
