import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { ctrlC, ctrlD, place, run, terminal } from "./binary.ts"
import * as Vendor from "./vendor.ts"

describe("chat", () => {
  it.live("keeps what was said, whoever is asked next, and goes on with it another day", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        Vendor.says("Good morning."),
        Vendor.staysSilent("It is rai"),
        { status: 500, body: "{}" },
        Vendor.says("Both."),
        Vendor.says("Again.")
      ])
      const cwd = yield* place()
      const env = { ...Vendor.environment(server), XDG_DATA_HOME: join(cwd, "data") }
      const screen = yield* terminal(["chat", "-m", Vendor.model], { cwd, env, columns: 40 })
      const says = (line: string, until: string) =>
        Effect.andThen(screen.until("> "), Effect.andThen(screen.type(`${line}\r`), screen.until(until)))
      yield* says("Hello", "Good morning.\n")
      yield* screen.until("1,000 tokens in · 200 out")
      yield* says("The weather?", "It is rai")
      // Ends the answer, and not the chat; what had come belongs to the conversation.
      yield* screen.type(ctrlC)
      yield* screen.until("~")
      yield* says("/system Be brief", "> ")
      yield* screen.type("Are you there?\r")
      yield* screen.until("llm-layers: ")
      yield* says("/model nosuch", "No provider is known to have \"nosuch\"")
      yield* says("/modle x", "There is no /modle")
      yield* says("/model groq/llama-3.1-8b-instant", "groq/llama-3.1-8b-instant")
      yield* says(" /etc or /usr?", "Both.\n")
      yield* says("/save ../x", "cannot be the name")
      yield* says("/save holidays", "Saved as")
      yield* says("/help", "/quit")
      yield* screen.until("> ")
      yield* screen.type(ctrlD)
      assert.strictEqual(yield* screen.exit, 0)

      const path = join(cwd, "data", "llm-layers", "holidays.json")
      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
      const again = yield* run(["chat", "--continue", "holidays"], { cwd, env, stdin: "And now?\n/quit\n" })
      assert.deepStrictEqual([again.stdout, again.code], ["Again.\n", 0])
      // It is kept as it goes on.
      assert.include(readFileSync(path, "utf8"), "And now?")

      const asked = yield* Vendor.asked(server)
      assert.deepStrictEqual(asked.map(({ model }) => model), [
        ...Array.from({ length: 3 }, () => "llama-3.3-70b-versatile"),
        ...Array.from({ length: 2 }, () => "llama-3.1-8b-instant")
      ])
      assert.deepStrictEqual(asked.at(-1)?.messages.map(({ content, role }) => [role, content]), [
        ["system", "Be brief"],
        ["user", "Hello"],
        ["assistant", "Good morning."],
        ["user", "The weather?"],
        ["assistant", "It is rai"],
        ["user", "/etc or /usr?"],
        ["assistant", "Both."],
        ["user", "And now?"]
      ])
      yield* server.closed
    }))

  it.live("takes pasted lines as one, but for commands; ends with Ctrl-C where it waits for a line", () =>
    Effect.gen(function*() {
      const screen = yield* terminal(["chat", "--mock"])
      yield* screen.until("> ")
      yield* screen.type("one\rtwo\r/model\r")
      yield* screen.until("You said: one\ntwo\n")
      yield* screen.until("cost unknown")
      yield* screen.until("mock/echo\n")
      yield* screen.until("> ")
      yield* screen.type("half a line")
      yield* screen.until("half a line")
      yield* screen.type(ctrlC)
      assert.strictEqual(yield* screen.exit, 130)
    }))
})
