import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findApi } from "../../src/recordings/providers.ts"
import { decodeRecording, findRecordings } from "../../src/recordings/record.ts"
import { isGood, reportLines } from "../../src/recordings/report.ts"
import { type Result, runFiles } from "../../src/recordings/run.ts"
import { recorded } from "./answers.ts"

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "recordings-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

const recording = (provider: string, api: string, body: string, more: object = {}) =>
  JSON.stringify({
    id: `${provider}-1`,
    provider,
    api,
    stream: false,
    response: { status: 200, headers: {}, body },
    ...more
  })

describe("a folder of recordings", () => {
  it.effect("is run: what passes, fails, cannot be read, has no provider", () =>
    Effect.scoped(Effect.gen(function*() {
      const path = yield* folder
      const good = recorded.find(({ name }) => name === "messages")
      const files: Readonly<Record<string, string>> = {
        "index.json": "[]",
        "a-good.json": recording("anthropic", "messages", good?.exchange.response.body ?? ""),
        "b-wrong.json": recording("anthropic", "messages", "{}"),
        "c-torn.json": "{",
        "d-none.json": "{}",
        "e-torn.json": recording("openai", "responses-compact", "{}"),
        "f-nobody.json": recording("nobody", "chat", "{}"),
        "g-unknown.json": recording("openai", "telepathy", "{}"),
        "notes.txt": ""
      }
      yield* Effect.promise(() =>
        Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(path, name), text)))
      )
      yield* Effect.promise(() => symlink(join(path, "f-nobody.json"), join(path, "h-link.json")))
      const found = yield* Effect.promise(() => findRecordings(path))
      const results = yield* runFiles(path, found, "seed")
      assert.deepStrictEqual(results.map(({ file, outcome }) => [file, outcome.kind]), [
        ["a-good.json", "passed"],
        // An empty object is no answer, and the provider says so.
        ["b-wrong.json", "passed"],
        ["c-torn.json", "failed"],
        ["d-none.json", "failed"],
        ["e-torn.json", "passed"],
        ["f-nobody.json", "skipped"],
        ["g-unknown.json", "failed"],
        ["h-link.json", "skipped"]
      ])
    })))

  it("may be one file, with JSON in place of a text, and a mark of byte order", () => {
    const { response } = decodeRecording(
      `\uFEFF${JSON.stringify({ id: "a", provider: "p", api: "x", response: { status: 200, body: { ok: 1 } } })}`
    )
    assert.deepStrictEqual(response, { status: 200, headers: {}, body: "{\"ok\":1}" })
    assert.throws(() => decodeRecording("{"), "not JSON")
    assert.throws(() => decodeRecording("{}"), "not a recording")
  })

  it("has APIs that are read and that nobody knows", () => {
    assert.strictEqual(findApi("openai", "responses").kind, "found")
    assert.strictEqual(findApi("anthropic", "count-tokens").kind, "found")
    assert.deepStrictEqual(findApi("nobody", "chat"), { kind: "skipped", reason: "no provider for nobody yet" })
    assert.strictEqual(findApi("openai", "toString").kind, "unknown")
    assert.strictEqual(findApi("constructor", "chat").kind, "skipped")
  })
})

describe("the report", () => {
  const result = (file: string, outcome: Result["outcome"]): Result => ({ file, id: file, group: "g a", outcome })
  const results = [
    result("one", { kind: "passed" }),
    result("two", { kind: "failed", lines: ["x is not y"] }),
    result("three", { kind: "skipped", reason: "no provider" })
  ]

  it("names what failed, says why what was skipped, and ends with the totals", () => {
    assert.deepStrictEqual(reportLines(results, ["a promise"], "7"), [
      "FAILED two",
      "  x is not y",
      "FAILED unhandled: a promise",
      "g a: 1 passed, 1 failed, 1 skipped",
      "skipped 1: no provider",
      "seed of the random cuts: 7",
      "1 passed, 2 failed, 1 skipped"
    ])
  })

  it("is good where nothing failed and there was something", () => {
    assert.isFalse(isGood(results, []))
    assert.isTrue(isGood(results.slice(0, 1), []))
    assert.isFalse(isGood(results.slice(0, 1), ["a promise"]))
    assert.isFalse(isGood([], []))
  })
})
