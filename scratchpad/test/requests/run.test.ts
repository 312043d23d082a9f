import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import { Effect } from "effect"
import type { Accepted } from "../../src/requests/accepted.ts"
import type { Node } from "../../src/requests/description/document.ts"
import { report } from "../../src/requests/report.ts"
import { type Outcome, runCheck } from "../../src/requests/run-check.ts"
import { runVendor } from "../../src/requests/run-vendor.ts"
import type { Api, Check, Got, Rule, Vendor } from "../../src/requests/Vendor.ts"

const description: Node = {
  paths: {
    "/ask": {
      post: {
        requestBody: {
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: { text: { type: "string" }, mode: { enum: ["a"] } },
                required: ["text"]
              }
            }
          }
        }
      }
    }
  }
}

/** A provider that sends a body and gives these warnings. */
const sending = (body: unknown, got: Got = { warnings: [] }): Check["run"] => (fetch) =>
  Effect.as(
    Effect.promise(() => fetch("https://api.acme.example/ask", { method: "POST", body: JSON.stringify(body) })),
    got
  )

const refusing = (kind: "Unsupported" | "InvalidRequest"): Check["run"] => () =>
  Effect.fail(ProviderError.make({ provider: "acme", module: "Acme", method: "generateText" }, kind, {
    description: "no"
  }))

const check = (more: Partial<Check>): Check => ({
  name: "one",
  model: "m",
  mode: "generate",
  answers: [{ json: {}, events: "" }],
  said: [],
  refusedFor: [],
  run: sending({ text: "Hi" }),
  ...more
})

const api = (checks: ReadonlyArray<Check>, rules: ReadonlyArray<Rule> = []): Api => ({
  name: "ask",
  operation: ({ path }) => path,
  checks,
  rules
})

const outcome = (more: Partial<Check>, rules: ReadonlyArray<Rule> = []): Effect.Effect<Outcome> =>
  runCheck(api([], rules), check(more), () => [])

const lines = (got: Outcome): ReadonlyArray<string> => got.kind === "failed" ? got.lines : [got.kind]

const said = ConformancePrompts.said(ConformancePrompts.make({ name: "one", prompt: "Which river?" }))

describe("a check", () => {
  it.effect("passes where all that was said is in the request", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* outcome({ said, run: sending({ text: "Which river?" }) })).kind, "passed")
      // Also inside JSON that is a text, as arguments are.
      assert.strictEqual((yield* outcome({ said, run: sending({ text: `{"q":"Which river?"}` }) })).kind, "passed")
    }))

  it.effect("fails where a text was dropped", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(lines(yield* outcome({ said, run: sending({ text: "Which" }) })), [
        "a user text \"Which river?\" is not in the request, and no warning says so"
      ])
      const warnings = ["topK: it was left out"]
      assert.strictEqual((yield* outcome({ said, run: sending({ text: "" }, { warnings }) })).kind, "failed")
    }))

  it.effect("passes where a warning speaks of what was left out", () =>
    Effect.gen(function*() {
      const reasoning = [{ what: "reasoning", forms: ["because"] }, { what: "the setting topK", forms: ["40"] }]
      const warnings = ["prompt: reasoning was left out", "topK: it was left out"]
      const got = yield* outcome({ said: reasoning, run: sending({}, { warnings }) })
      assert.deepStrictEqual(got.kind === "passed" && got.leftOut, warnings)
      const one = yield* outcome({ said: reasoning, run: sending({}, { warnings: warnings.slice(0, 1) }) })
      assert.deepStrictEqual(lines(one), ["the setting topK \"40\" is not in the request, and no warning says so"])
    }))

  it.effect("is skipped where the provider refuses before the network, and for no other error", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* outcome({ run: refusing("Unsupported") })).kind, "skipped")
      assert.strictEqual((yield* outcome({ run: refusing("InvalidRequest") })).kind, "failed")
      assert.strictEqual((yield* outcome({ run: () => Effect.die("a bug") })).kind, "failed")
      const late: Check["run"] = (fetch) => Effect.andThen(sending({})(fetch), refusing("Unsupported")(fetch))
      assert.strictEqual((yield* outcome({ run: late })).kind, "failed")
    }))

  it.effect("fails where something was sent that the model is said not to do, or nothing was sent", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(lines(yield* outcome({ refusedFor: ["imageInput"] })), [
        "was sent, although the model is said not to have imageInput"
      ])
      assert.deepStrictEqual(lines(yield* outcome({ run: () => Effect.succeed({ warnings: [] }) })), [
        "nothing was sent"
      ])
    }))

  it.effect("fails where the object that comes back is another", () =>
    Effect.gen(function*() {
      const run = sending({}, { warnings: [], object: { age: 37 } })
      assert.strictEqual((yield* outcome({ object: { age: 37 }, run })).kind, "passed")
      assert.deepStrictEqual(lines(yield* outcome({ object: { age: 36 }, run })), [
        "the object came back as {\"age\":37}"
      ])
    }))

  it.effect("passes where a tool was not sent, if a warning names it", () =>
    Effect.gen(function*() {
      const tools = [{ what: "the tool look", forms: ["look"] }, { what: "the description of look", forms: ["Looks."] }]
      const without = (...warnings: ReadonlyArray<string>) =>
        Effect.map(outcome({ said: tools, run: sending({ text: "Hi" }, { warnings }) }), lines)
      assert.lengthOf(yield* without("toolChoice: lookup, wait were not sent"), 2)
      assert.lengthOf(yield* without("prompt: look was left out"), 2)
      assert.deepStrictEqual(yield* without("toolChoice: wait, look were not sent"), ["passed"])
    }))

  it.effect("fails by a rule, with its source", () =>
    Effect.gen(function*() {
      const rule: Rule = { name: "short", source: "a page", check: () => [{ path: "/text", message: "is too long" }] }
      assert.deepStrictEqual(lines(yield* outcome({}, [rule])), ["/text is too long (rule: short; a page)"])
    }))
})

const vendor = (checks: ReadonlyArray<Check>, without: Vendor["without"] = []): Vendor => ({
  name: "acme",
  file: "acme.yaml",
  apis: [api(checks)],
  without
})

const modeB: Accepted = {
  vendor: "acme",
  path: "#/paths/~1ask/post/requestBody/content/application~1json/schema/properties/mode/enum",
  change: () => ["a", "b"],
  reason: "newer",
  source: "a page"
}

describe("a vendor", () => {
  it.effect("is held to its description, and to what it accepts beyond it", () =>
    Effect.gen(function*() {
      const checks = [check({ run: sending({ text: "Hi", mode: "b" }) })]
      const without = yield* runVendor(vendor(checks), description, [])
      assert.deepStrictEqual(without.results.map((one) => lines(one.outcome)), [[
        "/mode is \"b\", which is none of [\"a\"]"
      ]])
      const accepting = yield* runVendor(vendor(checks), description, [modeB])
      assert.deepStrictEqual(accepting.results.map((one) => one.outcome.kind), ["passed"])
      assert.deepStrictEqual(accepting.complaints, [])
    }))

  it.effect("may accept nothing that no request needs", () =>
    Effect.gen(function*() {
      const { complaints } = yield* runVendor(vendor([check({})]), description, [modeB])
      assert.deepStrictEqual(complaints, [`${modeB.path} is accepted beyond the description, and no request needs it`])
    }))

  it.effect("has every case sent by some model, or a reason why not", () =>
    Effect.gen(function*() {
      const refused = check({ name: "a video", run: refusing("Unsupported") })
      const complaintsOf = (checks: ReadonlyArray<Check>, without: Vendor["without"] = []) =>
        Effect.map(runVendor(vendor(checks, without), description, []), (run) => run.complaints)
      assert.deepStrictEqual(yield* complaintsOf([refused]), ["\"a video\" was sent to no model of acme"])
      assert.deepStrictEqual(yield* complaintsOf([refused], [{ name: "a video", reason: "it is blind" }]), [])
      assert.deepStrictEqual(yield* complaintsOf([refused, check({ name: "a video", model: "other" })]), [])
      assert.deepStrictEqual(
        yield* complaintsOf([check({ name: "a video" })], [{ name: "a video", reason: "it is blind" }]),
        ["\"a video\" is said to be impossible with acme, but was sent"]
      )
    }))

  it.effect("is reported with all that failed, and the totals last", () =>
    Effect.gen(function*() {
      const checks = [
        check({}),
        check({ name: "two", run: sending({}) }),
        check({ name: "three", run: refusing("Unsupported") })
      ]
      const run = yield* runVendor(vendor(checks), description, [modeB])
      const { lines: said, passed } = report([run], [vendor(checks)], [modeB])
      assert.isFalse(passed)
      assert.strictEqual(said.at(-1), "1 passed, 3 failed, 1 skipped")
      assert.include(said, "FAILED: acme ask m: the body lacks the member \"text\"\n  two (generate)")
      assert.isTrue(report([yield* runVendor(vendor([check({})]), description, [])], [], []).passed)
      assert.isFalse(report([], [], []).passed)
    }))
})
