/**
 * Decode: arguments of a call that come in pieces, each with the path of the value it is a piece of.
 *
 * Source: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling (streaming function call
 * arguments), `PartialArg` of `@google/genai`.
 */
import * as Json from "@llm-layers/core/Json"

/** The arguments with the pieces in them. A piece of a text is put after what is there. */
export const applyPieces = (args: Json.JsonRecord, pieces: ReadonlyArray<unknown>): Json.JsonRecord => {
  let out: unknown = args
  for (const piece of pieces) {
    const one = Json.record(piece)
    const path = readPath(Json.string(one["jsonPath"]) ?? "")
    if (path !== undefined) out = put(out, path, one)
  }
  return Json.record(out)
}

type Step = string | number

/** `$.places[0].name`, `$['a name']`. `undefined` where it is no such path. */
const readPath = (text: string): ReadonlyArray<Step> | undefined => {
  if (!text.startsWith("$")) return undefined
  const steps: Array<Step> = []
  const form = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/gy
  form.lastIndex = 1
  while (form.lastIndex < text.length) {
    const [, member, index, single, double] = form.exec(text) ?? []
    if (index !== undefined) steps.push(Number(index))
    else {
      const name = member ?? (single ?? double)?.replace(/\\(.)/g, "$1")
      if (name === undefined) return undefined
      steps.push(name)
    }
  }
  return steps
}

const put = (target: unknown, [step, ...rest]: ReadonlyArray<Step>, piece: Json.JsonRecord): unknown => {
  if (step === undefined) return valueOf(target, piece)
  if (typeof step === "number") {
    const list = [...Json.list(target)]
    list[step] = put(list[step], rest, piece)
    return list
  }
  const record = Json.record(target)
  // Defined, not assigned: `__proto__` is a name like any other.
  return Object.defineProperty({ ...record }, step, {
    value: put(Object.hasOwn(record, step) ? record[step] : undefined, rest, piece),
    enumerable: true,
    configurable: true,
    writable: true
  })
}

const valueOf = (before: unknown, piece: Json.JsonRecord): unknown => {
  const text = Json.string(piece["stringValue"])
  if (text !== undefined) return (Json.string(before) ?? "") + text
  if ("numberValue" in piece) return piece["numberValue"]
  if ("boolValue" in piece) return piece["boolValue"]
  return "nullValue" in piece ? null : before
}
