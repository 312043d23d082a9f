import { assert, describe, it } from "@effect/vitest"
import { amend } from "../../src/requests/description/amend.ts"
import { bodyPointer, type Node } from "../../src/requests/description/document.ts"
import { validatorOf } from "../../src/requests/description/validator.ts"

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** A small service with all that makes the vendors' descriptions hard to read. */
const description: Node = {
  openapi: "3.1.0",
  paths: {
    "/ask": {
      post: { requestBody: { content: { "application/json": { schema: ref("Ask") } } } }
    }
  },
  components: {
    schemas: {
      Ask: {
        allOf: [
          { type: "object", properties: { model: { type: "string" } }, required: ["model"] },
          {
            type: "object",
            properties: {
              messages: { type: "array", minItems: 1, items: ref("Message") },
              effort: { type: "string", enum: ["low", "high"] },
              limit: { type: "integer", minimum: 0, exclusiveMinimum: true, nullable: true },
              tools: { type: "array", items: ref("Tool") },
              metadata: { type: "object", additionalProperties: { type: "string" } },
              anything: { type: "object" },
              format: { oneOf: [ref("Text"), ref("Text")] }
            },
            required: ["messages"]
          }
        ]
      },
      Message: {
        oneOf: [ref("UserMessage"), ref("AssistantMessage")],
        discriminator: { propertyName: "role" }
      },
      UserMessage: {
        type: "object",
        properties: {
          role: { const: "user" },
          content: { anyOf: [{ type: "string" }, { type: "array", items: { oneOf: [ref("Text"), ref("Image")] } }] }
        },
        required: ["role", "content"]
      },
      AssistantMessage: {
        type: "object",
        properties: {
          role: { type: "string", enum: ["assistant"] },
          content: { type: "string" },
          calls: { type: "array" }
        },
        required: ["role"]
      },
      Text: {
        type: "object",
        properties: { type: { const: "text" }, text: { type: "string", minLength: 1 } },
        required: ["type", "text"]
      },
      Image: {
        type: "object",
        properties: { type: { const: "image" }, url: { type: "string", format: "uri" } },
        required: ["type", "url"]
      },
      Tool: {
        type: "object",
        properties: {
          name: { type: "string" },
          parameters: ref("Empty"),
          inner: { type: "array", items: ref("Tool") }
        },
        required: ["name"]
      },
      Empty: { type: "object", properties: {}, required: [] }
    }
  }
}

const problems = (body: unknown, of: Node = description): ReadonlyArray<string> => {
  const validate = validatorOf(of, "/ask")
  assert(validate !== undefined)
  const found = validate.problems(body)
  assert.strictEqual(validate.accepts(body), found.length === 0)
  return found.map(({ message, path }) => `${path} ${message}`)
}

const ask = { model: "m", messages: [{ role: "user", content: "Hi" }] }

describe("what is valid", () => {
  it("passes, whatever branch it is of", () => {
    assert.deepStrictEqual(
      problems({
        ...ask,
        messages: [
          { role: "user", content: [{ type: "text", text: "Hi" }, { type: "image", url: "https://example.com/a" }] },
          { role: "assistant", calls: [{ any: "thing" }] }
        ],
        effort: "high",
        limit: null,
        metadata: { any: "text" },
        anything: { goes: [1, { here: true }] },
        tools: [{ name: "a", parameters: { type: "object" }, inner: [{ name: "b", inner: [] }] }]
      }),
      []
    )
  })

  it("may be of two branches of a oneOf at once", () => {
    assert.deepStrictEqual(problems({ ...ask, format: { type: "text", text: "a" } }), [])
  })
})

describe("what is wrong", () => {
  it("a type", () => {
    assert.deepStrictEqual(problems({ ...ask, model: 7 }), ["/model must be string (is 7)"])
  })

  it("a member that is missing", () => {
    assert.deepStrictEqual(problems({ messages: ask.messages }), [" lacks the member \"model\""])
  })

  it("a value that is none of an enumeration", () => {
    assert.deepStrictEqual(problems({ ...ask, effort: "hgih" }), [
      "/effort is \"hgih\", which is none of [\"low\",\"high\"]"
    ])
  })

  it("a misspelt member, at the root and in branches, lists and references", () => {
    const undeclared = (path: string, name: string) => `${path} has the member "${name}", which nothing declares`
    assert.deepStrictEqual(problems({ ...ask, efort: "low" }), [undeclared("", "efort")])
    assert.deepStrictEqual(problems({ ...ask, messages: [{ role: "user", content: "Hi", nmae: "Ada" }] }), [
      undeclared("/messages/0", "nmae")
    ])
    // A member of the other branch is none of this one.
    assert.deepStrictEqual(problems({ ...ask, messages: [{ role: "user", content: "Hi", calls: [] }] }), [
      undeclared("/messages/0", "calls")
    ])
    assert.deepStrictEqual(problems({ ...ask, tools: [{ name: "a", inner: [{ name: "b", strct: true }] }] }), [
      undeclared("/tools/0/inner/0", "strct")
    ])
  })

  it("in a union, what is wrong with the branch that was meant", () => {
    assert.deepStrictEqual(
      problems({ ...ask, messages: [{ role: "user", content: [{ type: "image", uri: "https://example.com" }] }] }),
      [
        "/messages/0/content/0 lacks the member \"url\""
      ]
    )
    assert.deepStrictEqual(problems({ ...ask, messages: [{ role: "assistant", content: 1 }] }), [
      "/messages/0/content must be string (is 1)"
    ])
    assert.deepStrictEqual(
      problems({ ...ask, messages: [{ role: "user", content: [{ type: "image", url: "a b" }] }] }),
      [
        "/messages/0/content/0/url must match format \"uri\" (is \"a b\")"
      ]
    )
    assert.deepStrictEqual(problems({ ...ask, messages: [7] }), [
      "/messages/0 is 7, which is of no type that may be here"
    ])
  })

  it("several things at once", () => {
    assert.deepStrictEqual(problems({ model: 7, messages: [], efort: "low" }).length, 2)
    assert.deepStrictEqual(
      problems({ model: "m", messages: [{ role: "user" }, { role: "assistant", calls: "none" }] }),
      [
        "/messages/0 lacks the member \"content\"",
        "/messages/1/calls must be array (is \"none\")"
      ]
    )
  })

  it("a bound of OpenAPI 3.0, and null where it is not allowed", () => {
    assert.deepStrictEqual(problems({ ...ask, limit: 0 }), ["/limit must be > 0 (is 0)"])
    assert.deepStrictEqual(problems({ ...ask, effort: null }).length > 0, true)
  })
})

describe("a description", () => {
  it("of another path has no validator", () => {
    assert.isUndefined(validatorOf(description, "/tell"))
    assert.strictEqual(
      bodyPointer(description, "/ask"),
      "#/paths/~1ask/post/requestBody/content/application~1json/schema"
    )
  })

  it("can be amended in one place, and says where it cannot", () => {
    const amended = amend(description, [{
      path: "#/components/schemas/Ask/allOf/1/properties/effort/enum",
      change: (values) => [...Array.isArray(values) ? values : [], "none"]
    }])
    assert.deepStrictEqual(problems({ ...ask, effort: "none" }, amended), [])
    assert.strictEqual(problems({ ...ask, effort: "none" }).length, 1)
    assert.throws(
      () => amend(description, [{ path: "#/components/schemas/Gone/enum", change: (values) => values }]),
      "#/components/schemas/Gone/enum"
    )
  })
})
