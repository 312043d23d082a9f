/** What a wrong decoder would do, done to the parts of a right one. */
import * as Response from "effect/ai/Response"

type Parts = ReadonlyArray<Response.AnyPart>
type Part = Response.AnyPart
type OfType<Type extends Part["type"]> = Extract<Part, { readonly type: Type }>

export interface Mutant {
  readonly name: string
  /** The parts with the mistake in them; the same parts where there is nothing to get wrong. */
  readonly apply: (parts: Parts) => Parts
  /** Answers that say elsewhere what is lost. */
  readonly harmlessIn?: ReadonlyArray<string>
}

const isType = <Type extends Part["type"]>(type: Type) => (part: Part): part is OfType<Type> => part.type === type

/** Parts are plain objects; a copy with other members is of the same type. */
const changed = <P extends Part>(part: P, members: object): P => Object.assign({}, part, members)

const without = (parts: Parts, at: number): Parts => at < 0 ? parts : parts.toSpliced(at, 1)

const drop = (name: string, is: (part: Part) => boolean, last = false): Mutant => ({
  name,
  apply: (parts) => without(parts, last ? parts.findLastIndex(is) : parts.findIndex(is))
})

const change = <P extends Part>(name: string, is: (part: Part) => part is P, to: (part: P) => object): Mutant => ({
  name,
  apply: (parts) => {
    const at = parts.findIndex(is)
    const part = parts[at]
    return part === undefined || !is(part) ? parts : parts.with(at, changed(part, to(part)))
  }
})

type Json = { readonly [name: string]: unknown }
const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** Loses the member wherever it is in the metadata of a part. */
export const lose = (member: string): Mutant => ({
  name: `lose ${member}`,
  apply: (parts) => {
    const strip = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(strip)
      if (!isRecord(value) || value instanceof Uint8Array || value instanceof URL) return value
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, child]) => key === member ? [] : [[key, strip(child)]])
      )
    }
    return parts.map((part) => changed(part, { metadata: strip(part.metadata) }))
  }
})

/** Changes a list in the metadata of the first part that has it. */
const editList = (
  name: string,
  member: string,
  edit: (list: ReadonlyArray<unknown>) => ReadonlyArray<unknown>
): Mutant => ({
  name,
  apply: (parts) => {
    const visit = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(visit)
      if (!isRecord(value)) return value
      return Object.fromEntries(
        Object.entries(value).map((
          [key, child]
        ) => [key, key === member && Array.isArray(child) ? edit(child) : visit(child)])
      )
    }
    return parts.map((part) => changed(part, { metadata: visit(part.metadata) }))
  }
})

const swap = (name: string, is: (part: Part) => boolean): Mutant => ({
  name,
  apply: (parts) => {
    const [first, second] = parts.flatMap((part, place) => is(part) ? [place] : [])
    const [one, other] = [parts[first ?? -1], parts[second ?? -1]]
    return first === undefined || second === undefined || one === undefined || other === undefined
      ? parts
      : parts.with(first, other).with(second, one)
  }
})

const twice = (name: string, is: (part: Part) => boolean, members: object = {}): Mutant => ({
  name,
  apply: (parts) => parts.flatMap((part): Parts => is(part) ? [part, changed(part, members)] : [part])
})

/** What is said is said after the calls. */
const textLast: Mutant = {
  name: "text after the calls",
  apply: (parts) => {
    const isText = (part: Part) => part.type.startsWith("text")
    const finish = parts.findIndex(isType("finish"))
    return parts.some(isType("tool-call"))
      ? [...parts.slice(0, finish).filter((part) => !isText(part)), ...parts.filter(isText), ...parts.slice(finish)]
      : parts
  }
}

const usageWith = (part: OfType<"finish">, members: object, side: "inputTokens" | "outputTokens") => ({
  usage: new Response.Usage({
    inputTokens: part.usage.inputTokens,
    outputTokens: part.usage.outputTokens,
    [side]: { ...part.usage[side], ...members }
  })
})

const isHosted = (type: "tool-call" | "tool-result") => (part: Part): boolean =>
  (part.type === "tool-call" || part.type === "tool-result") && part.type === type && part.providerExecuted

const isResult = isType("tool-result")

export const mutants: ReadonlyArray<Mutant> = [
  drop("drop a tool call", isType("tool-call"), true),
  change("rename a tool", isType("tool-call"), () => ({ name: "other" })),
  change("lose an argument", isType("tool-call"), ({ params }) => ({
    params: isRecord(params) ? Object.fromEntries(Object.entries(params).slice(1)) : params
  })),
  change("another call id", isType("tool-call"), () => ({ id: "call_other" })),
  change("a call that ran elsewhere", isType("tool-call"), ({ providerExecuted }) => ({
    providerExecuted: !providerExecuted
  })),
  swap("swap two calls", isType("tool-call")),
  swap("swap two texts", (part) => part.type === "text" || part.type === "text-delta"),
  drop("drop a piece of text", (part) => part.type === "text" || part.type === "text-delta", true),
  drop("drop a piece of reasoning", (part) => part.type === "reasoning" || part.type === "reasoning-delta"),
  textLast,
  twice("say it twice", (part) => part.type === "text" || part.type === "text-delta"),
  drop("drop a piece of the arguments", isType("tool-params-delta"), true),
  drop("never end", (part) => part.type === "text-end"),
  drop("never finish", isType("finish")),
  { name: "finish twice", apply: (parts) => [...parts, ...parts.filter(isType("finish"))] },
  change("always stop", isType("finish"), () => ({ reason: "stop" })),
  change("lose cached tokens", isType("finish"), (part) => usageWith(part, { cacheRead: undefined }, "inputTokens")),
  change(
    "cached tokens twice",
    isType("finish"),
    (part) =>
      usageWith(
        part,
        { total: (part.usage.inputTokens.total ?? 0) + (part.usage.inputTokens.cacheRead ?? 0) },
        "inputTokens"
      )
  ),
  change(
    "count reasoning as text",
    isType("finish"),
    (part) => usageWith(part, { text: part.usage.outputTokens.total }, "outputTokens")
  ),
  drop("drop a source", isType("source"), true),
  swap("swap two sources", isType("source")),
  change("a source without its citation", isType("source"), () => ({ metadata: {} })),
  twice("a source nobody cited", isType("source"), { id: "made-up" }),
  drop("drop the result of a hosted tool", isHosted("tool-result")),
  change("an empty result", isResult, () => ({ result: {}, encodedResult: {} })),
  change("a result that failed", isResult, () => ({ isFailure: true })),
  drop("drop a hosted call", isHosted("tool-call")),
  change("lose the id of the answer", isType("response-metadata"), () => ({ id: undefined })),
  change("lose the model", isType("response-metadata"), () => ({ modelId: undefined })),
  ...[
    "signature",
    "redactedData",
    "encryptedContent",
    "citations",
    "annotations",
    "logprobs",
    "container",
    "contextManagement",
    "usage",
    "choices",
    "block",
    "response",
    "systemFingerprint",
    "serviceTier",
    "phase"
  ].map(lose),
  // An item nobody knows goes back with the history, too.
  { ...lose("unknown"), harmlessIn: ["responses"] },
  editList("lose a log probability", "logprobs", (list) => list.slice(1)),
  editList("lose a log probability that came twice", "content", (list) => list.slice(0, -1)),
  editList("log probabilities in another order", "logprobs", (list) => list.toReversed()),
  editList("lose one of several citations", "citations", (list) => list.slice(1))
]
