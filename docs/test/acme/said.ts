/** What the kit makes up, in Acme's words. Written from Acme's documentation, not from the decoder. */
import type { Harness } from "@llm-layers/testing"

export const answer = (said: Harness.Said): Harness.Wire => {
  const head = { answer: said.id, model: "acme-large-7" }
  const end = { why: reasons[said.finish], cost: costOf(said.usage) }
  const events = [{ begin: head }, ...said.parts.flatMap(eventsOf), { end }]
  return { body: { ...head, say: said.parts.map(sayOf), ...end }, events: events.map((data) => ({ data })) }
}

const reasons = { stop: "done", length: "limit", "tool-calls": "call", "content-filter": "refused" } as const

const costOf = ({ cacheRead, input, output, reasoning }: Harness.SaidUsage) => ({
  in: input,
  cached: cacheRead,
  out: output,
  thought: reasoning
})

const sayOf = (part: Harness.SaidPart) => {
  switch (part.type) {
    case "text":
      return { text: part.pieces.join("") }
    case "reasoning":
      return { thought: part.pieces.join(""), seal: part.secret }
    case "tool-call":
      return { call: part.id, tool: part.name, args: part.params }
  }
}

const eventsOf = (part: Harness.SaidPart, number: number) => [
  { open: number, ...kindOf(part) },
  ...part.pieces.map((piece) => ({ more: number, piece })),
  { close: number, ...(part.type === "reasoning" ? { seal: part.secret } : undefined) }
]

const kindOf = (part: Harness.SaidPart) => {
  switch (part.type) {
    case "text":
      return { kind: "text" }
    case "reasoning":
      return { kind: "thought" }
    case "tool-call":
      return { kind: "call", call: part.id, tool: part.name }
  }
}
