/** Every order of up to three turns. */
import type * as Prompt from "effect/ai/Prompt"
import { make, type PromptCase } from "./PromptCase.ts"
import { Weather } from "./tools.ts"

const turns = ["system", "user", "assistant", "call"] as const

/** A call is the message that makes it and the one with its result. */
type Turn = (typeof turns)[number]

/** The messages of a turn, with texts that no other has. */
const messagesOf = (turn: Turn, index: number): ReadonlyArray<Prompt.MessageEncoded> => {
  const text = `The ${turn} says ${index + 1}.`
  if (turn !== "call") return [{ role: turn, content: text }]
  const id = `call_${index + 1}`
  return [
    { role: "assistant", content: [{ type: "tool-call", id, name: Weather.name, params: { city: text } }] },
    {
      role: "tool",
      content: [{ type: "tool-result", id, name: Weather.name, isFailure: false, result: `Sunny ${index + 1}.` }]
    }
  ]
}

const longer = (orders: ReadonlyArray<ReadonlyArray<Turn>>): ReadonlyArray<ReadonlyArray<Turn>> =>
  orders.flatMap((order) => turns.map((turn) => [...order, turn]))

const ones = longer([[]])
const twos = longer(ones)
const threes = longer(twos)

/** Somebody has to ask: there is no answer to instructions and to one's own words. */
const asks = (order: ReadonlyArray<Turn>): boolean => order.includes("user") || order.includes("call")

export const orders: ReadonlyArray<PromptCase> = [...ones, ...twos, ...threes].filter(asks).map((order) =>
  make({
    name: `the order ${order.join(", ")}`,
    // Wherever the system messages after it go.
    needs: order.findLast((turn) => turn !== "system") === "assistant" ? ["prefill"] : [],
    prompt: order.flatMap(messagesOf)
  })
)
