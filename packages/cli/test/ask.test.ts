import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import { join } from "node:path"
import { ctrlC, type Outcome, place, run, shell, terminal } from "./binary.ts"
import * as Inside from "./inside.ts"
import * as Vendor from "./vendor.ts"

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64"
)

const files = {
  "notes.txt": "remember the milk",
  "photo.png": png,
  "paper.pdf": "%PDF-1.4\n%\u0000\n",
  "noise.dat": new Uint8Array(64).map((_, at) => (at * 37) % 256),
  "huge.txt": "x".repeat(20_000_001),
  "answer.json": JSON.stringify({ type: "object", properties: { said: { type: "string" } }, required: ["said"] }),
  "number.json": JSON.stringify({ type: "object", properties: { said: { type: "number" } }, required: ["said"] }),
  "list.json": JSON.stringify({ type: "array" }),
  "broken.json": "{",
  "odd.json": JSON.stringify({ type: "object", properties: { a: { $ref: "https://example.com/x" } } })
}

const all = <const Cases extends { readonly [name: string]: Effect.Effect<Outcome> }>(cases: Cases) =>
  Effect.all(cases, { concurrency: 2 })

const answers = (stdout: string): Outcome => ({ stdout, stderr: "", code: 0 })

const fails = (code: number, message: string): Outcome => ({ stdout: "", stderr: `llm-layers: ${message}\n`, code })

describe("llm-layers QUESTION", () => {
  it.live("asks what the words, standard input and files say", () =>
    Effect.gen(function*() {
      const cwd = yield* place(files)
      const outcomes = yield* all({
        words: Inside.run(["--mock", "Why", "is the sky blue?"]),
        pipe: Inside.run(["--mock"], { stdin: "Why?" }),
        image: Inside.run(["--mock", "What is it?"], { stdin: png }),
        files: run(["--mock", "What is it?", "-f", "notes.txt", "--file", "photo.png", "-f", "paper.pdf"], {
          cwd,
          stdin: "a long text\n"
        })
      })
      assert.deepStrictEqual(outcomes, {
        words: answers("You said: Why is the sky blue?\n"),
        pipe: answers("You said: Why?\n"),
        image: answers("You said: What is it? [file]\n"),
        files: answers(
          "You said: What is it?\n\na long text <file name=\"notes.txt\">\nremember the milk\n</file> [file] [file]\n"
        )
      })
    }))

  it.live("refuses what it cannot ask, in one line with what to do", () =>
    Effect.gen(function*() {
      const cwd = yield* place(files)
      const about = (file: string, message: string) =>
        Effect.map(Inside.run(["--mock", "Hi", "-f", join(cwd, file)]), (outcome) => {
          assert.deepStrictEqual(outcome, fails(2, message.replace("FILE", join(cwd, file))))
        })
      yield* about("none.txt", "There is no file FILE")
      yield* about("", "FILE is a directory: name the files in it")
      yield* about("huge.txt", "FILE has more than 20 MB, which no model takes. Send a part of it")
      yield* about(
        "noise.dat",
        "FILE is a binary file of no known type: send text in UTF-8, an image, a PDF, audio or video"
      )
      assert.deepStrictEqual(
        yield* Inside.run([]),
        fails(2, "Say what to ask, as in: llm-layers \"Why is the sky blue?\"")
      )
      assert.deepStrictEqual(
        yield* Inside.run(["Hi"]),
        fails(2, "Say which model to ask, with --model or LLM_MODEL: `llm-layers models` lists some")
      )
      assert.deepStrictEqual(
        yield* Inside.run(["Hi", "-m", "openai/gpt-4o"]),
        fails(3, "OPENAI_API_KEY is not set: put it into the environment, or into .env")
      )
      assert.deepStrictEqual(
        yield* Inside.run(["Hi", "--mock"], { env: { LLM_TEMPERATURE: "9" } }),
        fails(3, "LLM_TEMPERATURE: Expected a value between 0 and 2")
      )
      const [typo, range] = yield* Effect.all([
        run(["--mock", "Hi", "--tempreature", "1"]),
        Inside.run(["--mock", "Hi", "--temperature", "3"])
      ])
      assert.match(typo.stderr, /^llm-layers: [^\n]+--tempreature[^\n]+See llm-layers --help\n$/)
      assert.deepStrictEqual([typo.stdout, typo.code], ["", 2])
      assert.deepStrictEqual(
        range,
        fails(
          2,
          "Invalid value for flag --temperature: \"3\". Expected: a number from 0 to 2, and not 3. See llm-layers --help"
        )
      )
    }))

  it.live("--schema holds the answer to a JSON Schema, --json writes a line for programs", () =>
    Effect.gen(function*() {
      const cwd = yield* place(files)
      const by = (schema: string, ...more: ReadonlyArray<string>) =>
        Inside.run(["--mock", "Hi", "--schema", join(cwd, schema), ...more])
      assert.deepStrictEqual(yield* by("answer.json"), answers("{\n  \"said\": \"Hi\"\n}\n"))
      const line = yield* by("answer.json", "--json", "--usage")
      assert.deepInclude(JSON.parse(line.stdout), { object: { said: "Hi" }, provider: "mock", model: "echo" })
      assert.match(line.stderr, /^mock\/echo · \d+ tokens in · \d+ out · cost unknown · \d\.\d s\n$/)
      const text = yield* run(["--mock", "Hi", "--json"])
      assert.deepStrictEqual(JSON.parse(text.stdout), {
        text: "You said: Hi",
        provider: "mock",
        model: "echo",
        finishReason: "stop",
        usage: {
          inputTokens: { uncached: 5, total: 5, cacheRead: 0 },
          outputTokens: { total: 4, text: 4 }
        },
        warnings: []
      })
      const answer = { choices: [{ index: 0, message: { content: "{\"said\":\"Hello\"}" }, finish_reason: "stop" }] }
      const server = yield* LoopbackServer.make([{ body: JSON.stringify(answer) }])
      assert.deepStrictEqual(
        yield* Inside.run(["Hi", "-m", "groq/openai/gpt-oss-120b", "--schema", join(cwd, "answer.json")], {
          env: Vendor.environment(server)
        }),
        answers("{\n  \"said\": \"Hello\"\n}\n")
      )
      const [asked] = yield* server.requests
      assert.deepInclude(JSON.parse(asked?.body ?? "").response_format?.json_schema?.schema?.properties, {
        said: { type: "string" }
      })
      assert.deepStrictEqual(
        yield* by("number.json"),
        fails(1, "Structured output validation failed: Expected number at [\"said\"]")
      )
      for (
        const [file, why] of [
          ["list.json", "must describe an object"],
          ["broken.json", "is no JSON"],
          ["odd.json", "cannot be used as a schema"]
        ] as const
      ) {
        const { code, stderr, stdout } = yield* by(file)
        assert.deepStrictEqual([stdout, code], ["", 2])
        assert.match(stderr, new RegExp(`^llm-layers: \\S+${file} ${why}[^\n]+\n$`))
      }
    }))

  it.live("asks a vendor with what was configured: flags, then the environment, then .env, then llm-layers.json", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([Vendor.says("Hello", ", you.")])
      const { GROQ_API_KEY, ...env } = Vendor.environment(server)
      const cwd = yield* place({
        ".env": `# ours\nexport GROQ_API_KEY="${GROQ_API_KEY}"\nLLM_TEMPERATURE=0.1\nLLM_MAX_OUTPUT_TOKENS=10\n`,
        "llm-layers.json": JSON.stringify({ llm: { model: "$MODEL", temperature: 1, topP: 0.5 } })
      })
      const line = ["Hello", "--system", "Be kind", "--max-tokens", "99", "--stop", "END", "--json"]
      const said = yield* run(line, { cwd, env: { ...env, MODEL: Vendor.model, LLM_TEMPERATURE: "0.3" } })
      assert.deepStrictEqual([said.stderr, said.code], ["", 0])
      assert.deepInclude(JSON.parse(said.stdout), {
        text: "Hello, you.",
        provider: "groq",
        model: "llama-3.3-70b-versatile",
        // $0.59 and $0.79 for a million tokens, by the catalogue.
        costUsd: (1_000 * 0.59 + 200 * 0.79) / 1e6
      })
      const [asked] = yield* Vendor.asked(server)
      assert.deepInclude(asked, { temperature: 0.3, max_completion_tokens: 99, top_p: 0.5, stop: ["END"] })
      assert.deepStrictEqual(asked?.messages, [
        { role: "system", content: "Be kind" },
        { role: "user", content: "Hello" }
      ])
    }))

  it.live("says which file of settings is broken, and where; help is there all the same", () =>
    Effect.gen(function*() {
      const env = yield* place({ ".env": "A=1\n\n# a comment\nsk-secret" })
      const outcomes = yield* all({
        env: run(["--mock", "Hi"], { cwd: env }),
        version: run(["--version"], { cwd: env })
      })
      assert.deepStrictEqual(outcomes.env, fails(3, ".env has no NAME=value in line 4. Put it right, or move it away"))
      assert.strictEqual(outcomes.version.code, 0)
    }))

  it.live("exit codes say what kind of failure it was; what had come stays", () =>
    Effect.gen(function*() {
      const error = (status: number, message: string): LoopbackServer.Plan => ({
        status,
        body: JSON.stringify({ error: { message } })
      })
      const server = yield* LoopbackServer.make([
        error(401, "no such key"),
        error(429, "slow\ndown"),
        error(500, "\u001b[31mbroken"),
        Vendor.isCut("Half an ans")
      ])
      const env = Vendor.environment(server)
      const args = ["Hi", "-m", Vendor.model]
      const inside = Inside.run(args, { env })
      const outcomes = [yield* inside, yield* inside, yield* inside, yield* run(args, { env })]
      assert.deepStrictEqual(outcomes.map(({ code }) => code), [3, 4, 1, 1])
      assert.deepStrictEqual(outcomes.map(({ stdout }) => stdout), ["", "", "", "Half an ans\n"])
      for (const { stderr } of outcomes) {
        // One line, without a stack, a key, or what moves the cursor.
        assert.match(stderr, /^llm-layers: [^\n]+\n$/)
        assert.notInclude(stderr, "\u001B")
        assert.notMatch(stderr, /gsk_test|fiber|\.ts:| at /)
      }
    }))

  it.live("--log-level debug shows where a failure comes from", () =>
    Effect.map(run(["--mock", "Hi", "-f", "none.txt", "--log-level", "debug"]), ({ code, stderr }) => {
      assert.strictEqual(code, 2)
      assert.match(stderr, /^llm-layers: There is no file none\.txt\n[^]*Usage: [^]*\n {4}at /)
    }))

  it.live("ends quietly where nobody reads any more, and closes its connection", () =>
    Effect.gen(function*() {
      const lines = Array.from({ length: 2_000 }, (_, at) => `line ${at}\n`)
      const paced = lines.flatMap((line) => [line, Effect.sleep("1 millis")])
      const server = yield* LoopbackServer.make([Vendor.paced(paced)])
      const env = Vendor.environment(server)
      assert.deepStrictEqual(
        yield* shell(`set -o pipefail; llm-layers Hi -m ${Vendor.model} | head -1`, { env }),
        { stdout: "line 0\n", stderr: "", code: 0 }
      )
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    }))
})

describe("llm-layers QUESTION on a terminal", () => {
  it.live("waits with something that moves, says what it took, and keeps to 40 columns", () =>
    Effect.gen(function*() {
      const slow = Vendor.paced([Effect.sleep("400 millis"), "Hello \u001b]0;title\u0007there"])
      const server = yield* LoopbackServer.make([slow, slow])
      const args = ["Hi", "-m", Vendor.model]
      const env = Vendor.environment(server)
      const colours = yield* terminal(args, { env, columns: 40 })
      assert.strictEqual(yield* colours.exit, 0)
      assert.include(colours.raw(), "⠋")
      assert.include(colours.raw(), "\r\u001B[2KHello")
      // A model cannot change the title of the window.
      assert.include(colours.text(), "Hello \\x1b]0;title\\x07there\n")
      assert.match(
        colours.text(),
        /\ngroq\/llama-3\.3-70b-versatile\n1,000 tokens in · 200 out · \$0\.000748\n\d\.\d s\n$/
      )
      assert.include(colours.raw(), "\u001B[2m")
      const plain = yield* terminal(args, { env: { ...env, NO_COLOR: "1" } })
      assert.strictEqual(yield* plain.exit, 0)
      // oxlint-disable-next-line eslint/no-control-regex -- colours are what is looked for
      assert.notMatch(plain.raw(), /\u001B\[\d*m/)
    }))

  it.live("Ctrl-C keeps what had come, says what is known of its cost, and closes the connection", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([Vendor.staysSilent("Half an ans")])
      const screen = yield* terminal(["Hi", "-m", Vendor.model], { env: Vendor.environment(server) })
      yield* screen.until("Half an ans")
      yield* screen.type(ctrlC)
      assert.strictEqual(yield* screen.exit, 130)
      assert.match(screen.text(), /Half an ans\^C\ngroq\/\S+ · ~\d+ tokens in · ~\d+ out · \$0\.0000\d+ · \d\.\d s\n$/)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    }))

  it.live("--help keeps to 40 columns, and completions are a script that the shell takes", () =>
    Effect.gen(function*() {
      const help = yield* terminal(["--help"], { columns: 40 })
      assert.strictEqual(yield* help.exit, 0)
      const lines = help.text().split("\n")
      assert.isAbove(lines.length, 40)
      assert.deepStrictEqual(lines.filter((line) => line.length > 40), [])
      const { code, stderr, stdout } = yield* shell([
        "eval \"$(llm-layers --completions bash)\"",
        "COMP_WORDS=(llm-layers ch) COMP_CWORD=1 COMP_LINE='llm-layers ch' COMP_POINT=13",
        "complete -p llm-layers"
      ].join("\n"))
      assert.deepStrictEqual([stderr, code], ["", 0])
      assert.match(stdout, /^complete .*llm-layers\n$/)
    }))
})
