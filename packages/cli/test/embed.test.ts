import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"

interface Line {
  readonly id: string
  readonly vector: ReadonlyArray<number>
}

const linesOf = (text: string): ReadonlyArray<Line> => text.trimEnd().split("\n").map((line) => JSON.parse(line))

const idsOf = (text: string) => linesOf(text).map(({ id }) => id)

const vector: LoopbackServer.Reply = {
  body: JSON.stringify({ data: [{ index: 0, embedding: [1, 0] }], usage: { prompt_tokens: 1, total_tokens: 1 } })
}

const environment = ({ url }: LoopbackServer.LoopbackServer) => ({
  OPENAI_API_KEY: "sk-test",
  OPENAI_BASE_URL: `${url}/v1`
})

describe("embed", () => {
  it.live("writes a line for each file, and does only what is new when it goes on", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({ "a.txt": "one", "b.txt": "two", "c.md": "three", "empty.txt": "" })
      const out = () => readFileSync(join(cwd, "out.jsonl"), "utf8")
      const args = ["embed", "--mock", "*.txt", "c.md", "--out", "out.jsonl"]

      const first = yield* Binary.run(args, { cwd })
      assert.deepStrictEqual(first, { stdout: "", stderr: "empty.txt is empty, and left out\n", code: 0 })
      assert.deepStrictEqual(idsOf(out()), ["a.txt", "b.txt", "c.md"])
      assert.isTrue(linesOf(out()).every(({ vector }) => vector.length === 8 && vector.every(Number.isFinite)))

      writeFileSync(join(cwd, "b.txt"), "two, changed")
      appendFileSync(join(cwd, "out.jsonl"), "{\"id\":\"torn")
      assert.strictEqual((yield* Binary.run([...args, "--resume"], { cwd })).code, 0)
      assert.deepStrictEqual(idsOf(out()), ["a.txt", "b.txt", "c.md", "b.txt"])
    }))

  it.live("writes SQLite, from lines", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place()
      const embed = (stdin: string) => run(["embed", "--mock", "-o", join(cwd, "out.db"), "--resume"], { stdin })
      const rows = () => {
        const database = new DatabaseSync(join(cwd, "out.db"))
        try {
          return database.prepare("SELECT id, hash, dimensions, length(vector) AS bytes FROM embeddings ORDER BY id")
            .all()
            .map((row) => ({ ...row }))
        } finally {
          database.close()
        }
      }
      assert.deepStrictEqual(yield* embed("red\n\ngreen\n"), { stdout: "", stderr: "", code: 0 })
      const before = rows()
      assert.deepStrictEqual(
        before.map(({ bytes, dimensions, id }) => ({ bytes, dimensions, id })),
        ["1", "3"].map((id) => ({ bytes: 32, dimensions: 8, id }))
      )
      assert.strictEqual((yield* embed("red\n\nblue\n")).code, 0)
      const after = rows()
      assert.deepStrictEqual(after[0], before[0])
      assert.notStrictEqual(after[1]?.["hash"], before[1]?.["hash"])
    }))

  it.live("writes lines to a pipe, and says what is wrong with what it is given", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({
        "notes.db": "not a database, but a text that is long enough",
        "image.txt": "\0\u0001",
        "other.jsonl": "{\"id\":\"1\",\"hash\":\"x\",\"model\":\"acme/one\",\"vector\":[1]}\n"
      })
      const at = (name: string) => join(cwd, name)
      const fails = (args: ReadonlyArray<string>, message: RegExp) =>
        Effect.map(run(["embed", ...args], { stdin: "a" }), ({ code, stderr, stdout }) => {
          assert.deepStrictEqual([code, stdout], [2, ""])
          assert.match(stderr, message)
        })
      assert.deepStrictEqual(idsOf((yield* run(["embed", "--mock"], { stdin: "a\nb" })).stdout), ["1", "2"])
      yield* fails(["--mock", at("none*.txt")], /There is no file .*none\*\.txt/)
      yield* fails(["--mock", at("image.txt")], /image.txt is no text in UTF-8/)
      yield* fails(["--mock", "-o", at("out.csv")], /out.csv must end in one of .jsonl/)
      yield* fails(["--mock", "-o", at("notes.db")], /notes.db is there already: --resume goes on with it/)
      yield* fails(["--mock", "-o", at("notes.db"), "--resume"], /notes.db cannot be used: file is not a database/)
      yield* fails(["--mock", "-o", at("other.jsonl"), "--resume"], /has vectors of acme\/one/)
      yield* fails(["--mock", "--resume"], /--resume needs the file/)
      yield* fails(["-m", "anthropic/claude-sonnet-5"], /has no embedding models/)
      yield* fails([], /Say which embedding model, with --model/)
    }))

  it.live("ends without a word where nobody reads any more", () =>
    Effect.gen(function*() {
      const line = "seq 1 500 | llm-layers embed --mock --batch 10 | head -1; echo ${PIPESTATUS[1]}"
      const { stderr, stdout } = yield* Binary.shell(line)
      assert.match(stdout, /^\{"id":"1".*\}\n0\n$/)
      assert.strictEqual(stderr, "")
    }))

  it.live("sends again what may pass, and keeps what is done where it does not", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place()
      const out = join(cwd, "out.jsonl")
      const server = yield* LoopbackServer.make([
        { status: 429, headers: { "retry-after-ms": "5" }, body: JSON.stringify({ error: { message: "later" } }) },
        vector,
        { status: 401, body: JSON.stringify({ error: { message: "no more" } }) }
      ])
      const env = { ...environment(server), LLM_RETRIES: "1", LLM_RETRY_DELAY: "1 millis" }
      const args = ["embed", "-m", "openai/text-embedding-3-small", "--batch", "1", "-o", out]
      const { code, stderr } = yield* run(args, { env, stdin: "a\nb\nc" })
      assert.strictEqual(code, 3)
      assert.match(stderr, /^1 of 3 texts are embedded\nllm-layers: .*$/m)
      assert.notInclude(stderr, "sk-test")
      assert.deepStrictEqual(idsOf(readFileSync(out, "utf8")), ["1"])
      assert.lengthOf(yield* server.requests, 3)
    }))

  it.live("keeps what is done at Ctrl-C, and shows how far it is", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({ "a.txt": "one", "b.txt": "two", "c.txt": "three" })
      // The second request is left without an answer.
      const server = yield* LoopbackServer.make([
        vector,
        { end: "silence" }
      ])
      const env = { ...environment(server), LLM_RETRIES: "0" }
      const args = ["embed", "-m", "openai/text-embedding-3-small", "*.txt", "--batch", "1", "-o", "out.jsonl"]
      const screen = yield* Binary.terminal(args, { cwd, env, columns: 40 })
      yield* screen.until("1 of 3")
      yield* screen.type(Binary.ctrlC)
      yield* screen.until("1 of 3 texts are embedded")
      assert.strictEqual(yield* screen.exit, 130, screen.text())
      assert.deepStrictEqual(idsOf(readFileSync(join(cwd, "out.jsonl"), "utf8")), ["a.txt"])
    }))
})
