import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { googleBody, lowerTypes, partsOf } from "./google-names.ts"
import { address, membersBut, type Outline, settingsIn, told } from "./outline.ts"

/** Google takes base64 in both alphabets. */
const standard = (base64: Json | undefined): Json =>
  typeof base64 === "string" ? base64.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "") : base64 ?? null

/** A signature that is added where there is none of the vendor's own. */
const added = "skip_thought_signature_validator"

const signature = (part: JsonObject): JsonObject => {
  const given = part["thoughtSignature"]
  return given === undefined || given === null || given === added ? {} : { thoughtSignature: standard(given) }
}

const fileOf = (part: JsonObject): JsonObject => {
  const { fileData, inlineData, thought: _, thoughtSignature: __, ...rest } = part
  const data = objectAt(inlineData)
  const file = objectAt(fileData)
  return {
    ...told(rest),
    ...(inlineData === undefined
      ? {}
      : { inlineData: { mimeType: data["mimeType"] ?? null, data: standard(data["data"]) } }),
    ...(fileData === undefined
      ? {}
      : { fileData: told({ ...file, fileUri: address(stringAt(file, "fileUri") ?? "") }) })
  }
}

/** Calls of a conversation by their number: clients leave ids out, or make their own. */
class Calls {
  readonly #waiting: Array<
    { readonly id: Json | undefined; readonly name: Json | undefined; readonly number: number }
  > = []
  #count = 0

  numberOf(kind: "functionCall" | "functionResponse", { id, name }: JsonObject): number | undefined {
    if (kind === "functionCall") {
      this.#waiting.push({ id, name, number: this.#count })
      return this.#count++
    }
    const at = this.#waiting.findIndex((one) => id === undefined ? one.name === name : one.id === id)
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0]?.number
  }
}

const callOf = (name: "functionCall" | "functionResponse", part: JsonObject, calls: Calls | undefined): JsonObject => {
  const { args, id: _, parts, response, ...rest } = objectAt(part[name])
  const number = calls?.numberOf(name, objectAt(part[name]))
  return {
    ...told(rest),
    kind: name,
    ...(number === undefined ? {} : { call: number }),
    ...(name === "functionCall" ? { args: args ?? {} } : { response: response ?? {} }),
    ...(parts === undefined ? {} : { parts: listAt(parts).map((file) => fileOf(objectAt(file))) }),
    ...signature(part)
  }
}

const partOf = (part: JsonObject, calls: Calls | undefined): JsonObject => {
  if (part["functionCall"] !== undefined) return callOf("functionCall", part, calls)
  if (part["functionResponse"] !== undefined) return callOf("functionResponse", part, calls)
  if (part["inlineData"] !== undefined || part["fileData"] !== undefined) return { ...fileOf(part), ...signature(part) }
  const { thought, thoughtSignature: _, ...rest } = part
  return { ...told(rest), ...(thought === true ? { thought } : {}), ...signature(part) }
}

/** A text of nothing that bears nothing is no part. */
const saysNothing = (part: JsonObject): boolean => part["text"] === "" && part["thoughtSignature"] === undefined

const entriesOf = (content: Json, calls?: Calls): ReadonlyArray<JsonObject> => {
  const role = stringAt(content, "role") === "model" ? "model" : "user"
  const parts = partsOf(content).filter((part) => !saysNothing(part)).map((part) => ({ role, ...partOf(part, calls) }))
  const isResult = (part: JsonObject) => part["kind"] === "functionResponse"
  // The API wants results before all else.
  return [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))]
}

/** The members of a schema that say nothing, or are told in words. */
const schemaOf = (schema: Json | undefined): JsonObject => {
  const { additionalProperties: _, ...members } = objectAt(lowerTypes(schema))
  return { type: "object", properties: {}, ...told(members) }
}

const toolsOf = (body: JsonObject): ReadonlyArray<JsonObject> =>
  listAt(body, "tools").map((one) => objectAt(one)).flatMap((tool) =>
    Object.entries(tool).flatMap(([member, value]): ReadonlyArray<JsonObject> => {
      if (value === null) return []
      if (member !== "functionDeclarations") return [{ [member]: value }]
      return listAt(value).map((declaration) => ({
        name: stringAt(declaration, "name") ?? "",
        description: stringAt(declaration, "description") ?? "",
        schema: schemaOf(at(declaration, "parametersJsonSchema") ?? at(declaration, "parameters"))
      }))
    })
  )

/** What the API does without a word, or where there is nothing to choose from. */
const choiceOf = (body: JsonObject): Json => {
  const config = objectAt(at(body, "toolConfig", "functionCallingConfig"))
  const mode = stringAt(config, "mode") ?? "AUTO"
  const none = toolsOf(body).every((tool) => tool["name"] === undefined)
  return none || mode === "AUTO" ? null : told({ mode, allowedFunctionNames: config["allowedFunctionNames"] ?? null })
}

const thinkingOf = (config: JsonObject): JsonObject =>
  told({
    ...config,
    ...(typeof config["thinkingLevel"] === "string" ? { thinkingLevel: config["thinkingLevel"].toUpperCase() } : {})
  })

const formatMembers = ["responseMimeType", "responseSchema", "responseJsonSchema"]

const generationOf = (body: JsonObject): JsonObject => {
  const config = objectAt(body["generationConfig"])
  const { thinkingConfig, ...members } = settingsIn(config, formatMembers)
  const asksForForm = formatMembers.some((name) => config[name] !== undefined && config[name] !== null)
  return {
    ...members,
    ...(thinkingConfig === undefined ? {} : { thinkingConfig: thinkingOf(objectAt(thinkingConfig)) }),
    ...(asksForForm ? { format: true } : {})
  }
}

const elsewhere = ["model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig"]

/** What a `generateContent` request says. */
export const googleOutline = (recorded: Json | undefined): Outline => {
  const body = googleBody(recorded)
  const calls = new Calls()
  const config = membersBut(objectAt(body["toolConfig"]), ["functionCallingConfig"])
  return {
    entries: [
      ...partsOf(body["systemInstruction"]).flatMap((part) =>
        (stringAt(part, "text") ?? "") === "" ? [] : [{ role: "system", text: stringAt(part, "text") ?? "" }]
      ),
      ...listAt(body, "contents").flatMap((content) => entriesOf(content, calls))
    ],
    tools: toolsOf(body),
    choice: choiceOf(body),
    members: {
      ...settingsIn(body, elsewhere),
      ...generationOf(body),
      ...(Object.keys(config).length === 0 ? {} : { toolConfig: config })
    }
  }
}

/** The entries an answer is in the next request: its parts as they were. */
export const answeredParts = (answer: Json): ReadonlyArray<JsonObject> =>
  entriesOf(at(answer, "candidates", 0, "content") ?? null).map((part) => ({ ...part, role: "model" }))
