import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { compareConversations } from "../../src/recordings/conversations.ts"
import type { Json } from "../../src/recordings/json.ts"
import { stubTransport } from "../../src/recordings/stub.ts"
import { type Recorded, recorded } from "./answers.ts"
import { answered, asking } from "./exchange.ts"
import { lose, type Mutant } from "./mutants.ts"

/** What the next request lacks when a decoder has lost something of the answer before. */
const lacking = ({ api, exchange }: Recorded, mutant?: Mutant) =>
  Effect.gen(function*() {
    const attempt = api.attempt(exchange, api.read(exchange))
    const transport = () => stubTransport(exchange.response)
    const [first, second] = [transport(), transport()]
    const heard = yield* attempt.run(first)
    const parts = heard.kind === "answer" ? heard.parts : []
    yield* attempt.next?.(mutant?.apply(parts) ?? parts, second) ?? Effect.void
    const [asked, next] = [first.asked[0], second.asked[0]]
    if (asked === undefined || next === undefined) throw new Error("nothing was asked")
    return attempt.compareNext?.(asked, next) ?? []
  })

describe("the next request", () => {
  it.effect("has the answer in it", () =>
    Effect.forEach(recorded, (one) => Effect.map(lacking(one), (lines) => assert.deepStrictEqual(lines, [], one.name))))

  it.effect("lacks what a decoder lost", () =>
    Effect.gen(function*() {
      const secrets = {
        messages: ["signature", "redactedData", "citations", "block", "caller", "type"],
        responses: ["encryptedContent", "itemId", "item", "phase"]
      }
      for (const [api, members] of Object.entries(secrets)) {
        for (const one of recorded.filter(({ name }) => name.startsWith(api))) {
          for (const member of members) {
            const lines = yield* lacking(one, lose(member))
            assert.isAbove(lines.length, 0, `not missed in ${one.name}: ${member}`)
          }
        }
      }
    }))
})

describe("a conversation", () => {
  const turn = (number: number, body: Json) => ({
    ...asking(body, answered({})),
    id: `turn-${number}`,
    conversation: "c",
    turn: number
  })
  const answer = {
    content: [{ type: "thinking", signature: "signed" }, { type: "tool_use", id: "toolu_1" }],
    output: [{ type: "message", id: "msg_1" }]
  }
  const later = turn(2, { messages: ["signed", "toolu_1", "msg_1", "else"] })
  const compare = (next: Json) =>
    compareConversations([
      { exchange: turn(1, {}), answer, next },
      { exchange: later, answer: {}, next: undefined }
    ])

  it("gives back what the recorded client gave back", () => {
    assert.deepStrictEqual(compare({ sent: ["signed", "toolu_1"] }), [{ id: "turn-2", lines: [] }])
    assert.deepStrictEqual(compare({ sent: ["signed"] }), [
      { id: "turn-2", lines: ["turn-1 gave \"toolu_1\", which the next request has not"] }
    ])
  })
})
