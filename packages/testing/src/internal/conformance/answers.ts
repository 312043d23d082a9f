/** The answers the kit has a vendor give, with all that is known to break decoders in them. */
import type { Capabilities } from "@llm-layers/core/Capability"
import type { Feature, Lacks, Said, SaidCall, SaidReasoning, SaidText, SaidUsage } from "../../Harness.ts"

/** An answer, and what a vendor must have to give it. */
export interface Scenario {
  readonly name: string
  readonly said: Said
  /** Why the vendor cannot give it. */
  readonly skipped: string | undefined
}

/** Quotes, escapes, line ends of all kinds, what looks like an event, and characters of one to four bytes. */
const hardPieces = [
  "  He said: ",
  "\"naïve\\n café\"\r\n",
  "data: [DONE]\n\nevent: x\rid: 1\n\n",
  "👩‍👩‍👧‍👦 e\u0301 漢字",
  // A character of two units, one in each piece.
  "\ud83d",
  "\ude00 ",
  "\u2028\u2029\u0000\u001f\\u0041 <|end|> ",
  "\ufeff} end  "
]

const text = (...pieces: ReadonlyArray<string>): SaidText => ({ type: "text", pieces, sources: [] })

const cited: SaidText = {
  type: "text",
  pieces: ["Water boils at 100 °C", " at sea level."],
  sources: [
    { url: "https://notes.example/water?a=1&b=%20", title: "Wasser – \"ein Stoff\"" },
    { url: "https://notes.example/sea", title: "Sea level" }
  ]
}

const reasoning: SaidReasoning = {
  type: "reasoning",
  pieces: ["First, ", "the “sea” 🌊", "\n\nthen its level."],
  secret: "c2VjcmV0LysvPT0=:σ"
}

/** A call; the pieces of its arguments have the given length, whatever is inside them. */
const call = (id: string, name: string, params: unknown, size: number): SaidCall => {
  const json = JSON.stringify(params).replaceAll("é", "\\u00e9")
  const pieces: Array<string> = []
  for (let at = 0; at < json.length; at += size) pieces.push(json.slice(at, at + size))
  return { type: "tool-call", id, name, params, pieces: params === undefined ? [] : pieces }
}

/** Arguments with escapes, nested and empty. A piece ends within `\u00e9`, one within `\\`. */
const calls: ReadonlyArray<SaidCall> = [
  call("call_kit_a", "search_notes", {
    query: "café \"C:\\notes\\\" {\n} 😀",
    filter: { tags: ["a,b", "", "]}"], before: { year: 2031 } },
    limit: 0.5
  }, 7),
  { type: "tool-call", id: "call_kit_b", name: "read_clock", params: {}, pieces: [] },
  call("call_kit_c", "search_notes", { query: "", filter: { tags: [], before: { year: -1 } }, limit: 3 }, 400)
]

const usage: SaidUsage = { input: 40, cacheRead: 12, output: 25, reasoning: 0 }
const usageOfReasoning: SaidUsage = { input: 1_203, cacheRead: 1_024, output: 77, reasoning: 31 }

/** What is said of a vendor that the kit can ask of. */
export interface Claims {
  readonly capabilities: Capabilities
  readonly lacks: Lacks
}

/** Why a vendor cannot give what the features and tools are needed for. */
export const skipOf = (claims: Claims, features: ReadonlyArray<Feature>, tools = false): string | undefined => {
  for (const feature of features) {
    const lack = claims.lacks[feature]
    if (lack !== undefined) return lack
    if (feature === "reasoning" && !claims.capabilities.reasoning) return "capabilities.reasoning is false"
  }
  return tools && !claims.capabilities.tools ? "capabilities.tools is false" : undefined
}

/** All a vendor has in one answer. */
export const everything = (claims: Claims): Said =>
  together(claims, "answer_everything", reasoning, { ...text(...hardPieces), sources: cited.sources }, calls)

/** The same in few words, for what is done at every byte. */
export const brief = (claims: Claims): Said =>
  together(
    claims,
    "a",
    { ...reasoning, pieces: ["Hm“🌊"], secret: "c2+/=σ" },
    text("\r\n\n\"é漢\ud83d", "\ude00 "),
    [call("c", "find", { q: "é\\\"😀" }, 9)]
  )

const together = (
  claims: Claims,
  id: string,
  reasoning: SaidReasoning,
  text: SaidText,
  calls: ReadonlyArray<SaidCall>
): Said => {
  const has = (feature: Feature) => skipOf(claims, [feature]) === undefined
  const { tools } = claims.capabilities
  return {
    id,
    parts: [
      ...(has("reasoning") ? [reasoning] : []),
      has("sources") ? text : { ...text, sources: [] },
      ...(tools ? calls : [])
    ],
    finish: tools ? "tool-calls" : "stop",
    usage: has("reasoning") ? usageOfReasoning : usage
  }
}

/** A text that was asked for as it stands, and no more: for what is not about the answer. */
export const plain = (words: string, id = "answer_plain"): Said => ({
  id,
  parts: [text(words)],
  finish: "stop",
  usage
})

/** An answer with these calls. */
export const calling = (id: string, ...parts: ReadonlyArray<SaidCall>): Said => ({
  id,
  parts,
  finish: "tool-calls",
  usage
})

/** The object that is asked for, as JSON in the pieces of a text. */
export const object = {
  city: "São Paulo",
  days: [{ high: 31.5, sunny: true }, { high: -2, sunny: false }],
  note: "a\"é\n"
}

/** All answers. */
export const scenarios = (claims: Claims): ReadonlyArray<Scenario> => [
  {
    name: "a text with everything that must be escaped",
    said: { id: "answer_text", parts: [text(...hardPieces)], finish: "stop", usage },
    skipped: undefined
  },
  {
    name: "a long text",
    said: {
      id: "answer_long",
      parts: [text(...Array.from({ length: 300 }, (_, index) => `word ${index}, `))],
      finish: "stop",
      usage
    },
    skipped: undefined
  },
  { name: "an empty text", said: { id: "answer_empty", parts: [], finish: "stop", usage }, skipped: undefined },
  {
    name: "an answer cut at the limit",
    said: { id: "answer_length", parts: [text("It was a dark and")], finish: "length", usage },
    skipped: undefined
  },
  {
    name: "a refusal",
    said: { id: "answer_refusal", parts: [text("I can't ", "help with that.")], finish: "content-filter", usage },
    skipped: skipOf(claims, ["refusal"])
  },
  {
    name: "reasoning before a text",
    said: { id: "answer_reasoning", parts: [reasoning, text("Yes.")], finish: "stop", usage: usageOfReasoning },
    skipped: skipOf(claims, ["reasoning"])
  },
  {
    name: "a text with sources",
    said: { id: "answer_sources", parts: [cited], finish: "stop", usage },
    skipped: skipOf(claims, ["sources"])
  },
  {
    name: "parallel tool calls",
    said: calling("answer_calls", ...calls),
    skipped: skipOf(claims, [], true)
  },
  { name: "everything at once", said: everything(claims), skipped: undefined }
]
