import { assert, describe, it } from "@effect/vitest"
import { Prompt } from "effect/ai"
import * as PromptTrim from "../src/PromptTrim.ts"

const call = (id: string): Prompt.MessageEncoded => ({
  role: "assistant",
  content: [{ type: "tool-call", id, name: "look", params: {} }]
})
const result = (id: string): Prompt.MessageEncoded => ({
  role: "tool",
  content: [{ type: "tool-result", id, name: "look", isFailure: false, result: "seen" }]
})
const said = (role: "system" | "user" | "assistant", content: string): Prompt.MessageEncoded => ({ role, content })

/** Every message counts for ten. */
const trim = (messages: ReadonlyArray<Prompt.MessageEncoded>, excess: number) =>
  PromptTrim.trim(Prompt.make(messages), excess, () => 10)
const roles = (trimmed: PromptTrim.Trimmed | undefined) => trimmed?.prompt.content.map(({ role }) => role).join(" ")

describe("trim", () => {
  const chat = [said("system", "s"), said("user", "a"), said("assistant", "b"), said("user", "c")]

  it("leaves out the oldest messages, and what is left begins with the user", () => {
    const trimmed = trim([...chat, said("assistant", "d"), said("user", "e")], 11)
    assert.strictEqual(roles(trimmed), "system user assistant user")
    assert.strictEqual(trimmed?.messages, 2)
    assert.strictEqual(trimmed?.tokens, 20)
  })

  it("does not begin with an answer although fewer messages would do", () => {
    assert.strictEqual(roles(trim(chat, 1)), "system user")
  })

  it("keeps system messages and the last message of the user, and gives up where that is too much", () => {
    assert.isUndefined(trim(chat, 21))
    assert.isUndefined(trim([said("system", "s"), said("user", "a")], 1))
  })

  it("keeps calls and their results together", () => {
    const steps = [said("user", "a"), call("1"), result("1"), call("2"), result("2"), call("3"), result("3")]
    const trimmed = trim(steps, 11)
    assert.strictEqual(roles(trimmed), "user assistant tool assistant tool")
    assert.strictEqual(roles(trim(steps, 30)), "user assistant tool")
    assert.isUndefined(trim(steps, 41))
  })

  it("tells a message from the same one said before", () => {
    const again = Prompt.userMessage({ content: [Prompt.textPart({ text: "go on" })] })
    const answer = Prompt.assistantMessage({ content: [Prompt.textPart({ text: "and" })] })
    const prompt = Prompt.fromMessages([again, answer, again])
    const trimmed = PromptTrim.trim(prompt, 20, () => 10)
    assert.deepStrictEqual(trimmed, { prompt: Prompt.fromMessages([again]), messages: 2, tokens: 20 })
    assert.isUndefined(PromptTrim.trim(prompt, 21, () => 10))
  })

  it("keeps a result that comes later with its call", () => {
    const late = [said("user", "a"), call("1"), call("2"), result("2"), result("1"), said("user", "b")]
    assert.strictEqual(roles(trim(late, 11)), "user")
  })
})
