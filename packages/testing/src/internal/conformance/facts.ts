/** What an answer says, the same for what the kit made up and for what a model gives. */
import type { Lacks, Said } from "../../Harness.ts"
import { type Plain, textOf } from "./parts.ts"

/** Token counts; those that a vendor does not tell are `undefined`. */
export interface Counts {
  readonly input: unknown
  readonly cacheRead: unknown
  readonly output: unknown
  readonly reasoning: unknown
}

/** The facts of an answer. */
export interface Facts {
  readonly text: string
  readonly reasoning: string
  readonly calls: ReadonlyArray<{ readonly id: unknown; readonly name: unknown; readonly params: unknown }>
  readonly sources: ReadonlyArray<{ readonly url: unknown; readonly title: unknown }>
  readonly finish: unknown
  readonly usage: Counts
}

/** The facts of parts, whole or streamed. */
export const factsOf = (parts: ReadonlyArray<Plain>): Facts => {
  const finish = parts.find((part) => part.type === "finish")
  return {
    text: textOf(parts, "text"),
    reasoning: textOf(parts, "reasoning"),
    calls: parts.filter((part) => part.type === "tool-call")
      .map(({ id, name, params }) => ({ id, name, params })),
    sources: parts.filter((part) => part.type === "source" && part["sourceType"] === "url")
      .map(({ title, url }) => ({ url, title })),
    finish: finish?.["reason"],
    usage: countsOf(finish?.["usage"])
  }
}

/** The counts of a finish part. */
export const countsOf = (usage: unknown): Counts => ({
  input: member(usage, "inputTokens", "total"),
  cacheRead: member(usage, "inputTokens", "cacheRead"),
  output: member(usage, "outputTokens", "total"),
  reasoning: member(usage, "outputTokens", "reasoning")
})

/** A member inside a member. */
export const member = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (inside, key) => typeof inside === "object" && inside !== null ? Reflect.get(inside, key) : undefined,
    value
  )

const joined = (said: Said, type: "text" | "reasoning"): string =>
  said.parts.flatMap((part) => part.type === type ? part.pieces : []).join("")

/** What the answer is to say. Counts that the vendor lacks are taken as they come. */
export const expected = (said: Said, lacks: Lacks, came: Facts): Facts => ({
  text: joined(said, "text"),
  reasoning: joined(said, "reasoning"),
  calls: said.parts.flatMap((part, index) =>
    part.type === "tool-call"
      ? [{ id: part.id ?? came.calls[index]?.id, name: part.name, params: part.params }]
      : []
  ),
  sources: said.parts.flatMap((part) => part.type === "text" ? part.sources : []),
  finish: said.finish,
  usage: {
    input: said.usage.input,
    output: said.usage.output,
    cacheRead: lacks.cacheRead === undefined ? said.usage.cacheRead : came.usage.cacheRead,
    reasoning: lacks.reasoningTokens === undefined ? said.usage.reasoning : came.usage.reasoning
  }
})
