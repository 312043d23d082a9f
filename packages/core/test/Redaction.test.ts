import { assert, describe, it } from "@effect/vitest"
import * as Redaction from "@llm-layers/core/Redaction"
import { Redacted } from "effect"
import { inspect } from "node:util"

describe("text", () => {
  it("leaves out each secret, wherever it is", () => {
    const secrets = [Redacted.make("s3cret"), Redacted.make("other$1")]
    assert.strictEqual(
      Redaction.text("s3cret=s3cret, other$1!", secrets),
      "[redacted]=[redacted], [redacted]!"
    )
  })

  it("leaves out a secret as a header holds it, without the line break of its file", () =>
    assert.strictEqual(
      Redaction.text("key abc_def is wrong", [Redacted.make(" abc_def\n")]),
      "key [redacted] is wrong"
    ))

  it("leaves out passwords in addresses", () => {
    assert.strictEqual(
      Redaction.text("at https://me:s3cret@proxy.test/v1, https://a:8080/b@c"),
      "at https://me:[redacted]@proxy.test/v1, https://a:8080/b@c"
    )
    assert.strictEqual(Redaction.text("https://example.com/@user:name@x"), "https://example.com/@user:name@x")
  })

  it("an empty secret changes nothing", () => assert.strictEqual(Redaction.text("abc", [Redacted.make("")]), "abc"))

  it.each([
    "Incorrect API key provided: sk-proj-abcdef123456.",
    "Incorrect API key provided: sk-ab********************7890.",
    "sent Authorization: Bearer abc.def-ghi_jkl",
    "x-api-key: sk-ant-api03-AAAA_bbbb",
    "?key=AIzaSyA1234567890abcdefghijkl"
  ])("leaves out what has the form of a key: %s", (text) => {
    const shown = Redaction.text(text)
    assert.include(shown, "[redacted]")
    assert.notMatch(shown, /abc|ABC|AAAA|7890/)
  })

  it.each(["a bearer of news", "risk-free task", "sk- is a prefix", "desk-lamp-collection"])(
    "leaves other words: %s",
    (text) => assert.strictEqual(Redaction.text(text), text)
  )
})

describe("headers", () => {
  it("keeps what tells, in lower case, without what is secret", () => {
    const headers = {
      "X-Request-Id": "r1",
      Authorization: "Bearer abc",
      "Set-Cookie": "a=b",
      "x-api-key": "abc",
      "X-Goog-Api-Key": "abc",
      "api-key": "abc",
      "X-Echo": "you sent s3cret"
    }
    const expected = {
      "x-request-id": "r1",
      authorization: "[redacted]",
      "set-cookie": "[redacted]",
      "x-api-key": "[redacted]",
      "x-goog-api-key": "[redacted]",
      "api-key": "[redacted]",
      "x-echo": "you sent [redacted]"
    }
    const secrets = [Redacted.make("s3cret")]
    assert.deepStrictEqual(Redaction.headers(headers, secrets), expected)
    assert.deepStrictEqual(Redaction.headers(new Headers(headers), secrets), expected)
  })
})

describe("cause", () => {
  it("keeps names, messages and codes of the chain, and nothing else", () => {
    class SdkError extends Error {
      readonly headers = { authorization: "Bearer s3cret" }
      readonly request = { key: "s3cret" }
    }
    const socket = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET", key: "s3cret" })
    const thrown = new SdkError("failed with s3cret", { cause: new TypeError("fetch failed", { cause: socket }) })
    const safe = Redaction.cause(thrown, [Redacted.make("s3cret")])
    assert.strictEqual(safe.name, "SdkError")
    assert.strictEqual(safe.message, "failed with [redacted]")
    const middle = safe.cause
    assert.instanceOf(middle, Error)
    assert.strictEqual(middle.name, "TypeError")
    assert.deepInclude(middle.cause, { message: "other side closed", code: "UND_ERR_SOCKET" })
    assert.notInclude(inspect(safe, { depth: 10, showHidden: true }), "s3cret")
  })

  it("takes what is no error, and a chain that goes round", () => {
    assert.strictEqual(Redaction.cause("plain s3cret", [Redacted.make("s3cret")]).message, "plain [redacted]")
    const round = new Error("round")
    round.cause = round
    assert.strictEqual(Redaction.cause(round).message, "round")
  })
})

describe("unwrap", () => {
  it("gives JSON with the secrets in it, and the secrets", () => {
    const given = {
      url: "u",
      token: Redacted.make("a"),
      headers: { x: "1", y: Redacted.make("b") },
      list: [Redacted.make("c")]
    }
    const { secrets, value } = Redaction.unwrap(given)
    assert.deepStrictEqual(value, { url: "u", token: "a", headers: { x: "1", y: "b" }, list: ["c"] })
    assert.deepStrictEqual(secrets.map(Redacted.value), ["a", "b", "c"])
  })

  it("leaves alone what says itself how it is JSON", () => {
    const address = new URL("https://a.example/")
    assert.strictEqual(Redaction.unwrap(address).value, address)
  })
})
