import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Prompt, Tool } from "effect/ai"
import * as TokenEstimate from "../src/TokenEstimate.ts"

/** Texts, and their tokens as gpt-tokenizer 4.0.0 counts them with `o200k_base`. */
const counted: ReadonlyArray<readonly [name: string, text: string, tokens: number]> = [
  [
    "English",
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness.",
    29
  ],
  ["code", "export const compose = (...policies) => (driver) => policies.reduceRight((d, p) => p(d), driver)\n", 27],
  [
    "JSON",
    "{\"city\":\"Rome\",\"days\":[{\"high\":21.5,\"low\":12},{\"high\":24,\"low\":13.25}],\"units\":\"metric\"}",
    33
  ],
  ["German", "Die Geschwindigkeitsbegrenzung auf deutschen Autobahnen ist ein häufig diskutiertes Thema.", 19],
  ["Russian", "Искусственный интеллект становится частью повседневной жизни людей во всём мире.", 18],
  ["Chinese", "人工智能正在成为人们日常生活的一部分。它不仅改变了我们工作的方式，也改变了我们学习和交流的方式。", 29],
  ["Japanese", "人工知能は人々の日常生活の一部になりつつあります。", 18],
  ["Korean", "인공지능은 사람들의 일상생활의 일부가 되고 있습니다.", 15],
  ["Arabic", "أصبح الذكاء الاصطناعي جزءًا من الحياة اليومية للناس في جميع أنحاء العالم.", 21],
  ["hexadecimal", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 43]
]

describe("ofText", () => {
  for (const [name, text, tokens] of counted) {
    it(`is within two fifths of a count: ${name}`, () => {
      const ratio = TokenEstimate.ofText(text) / tokens
      assert.isTrue(ratio > 0.6 && ratio < 1.4, `${ratio}`)
    })
  }

  it("is 0 for nothing, and whole", () => {
    assert.strictEqual(TokenEstimate.ofText(""), 0)
    assert.strictEqual(TokenEstimate.ofText("a"), 1)
    assert.isTrue(Number.isInteger(TokenEstimate.ofText("Übergrößenträger 🎉")))
  })

  it("grows with a text that is too long to be read whole", () => {
    const sentence = "The quick brown fox jumps over the lazy dog. "
    const short = TokenEstimate.ofText(sentence.repeat(1_000))
    const long = TokenEstimate.ofText(sentence.repeat(100_000))
    assert.isTrue(Math.abs(long / short - 100) < 2, `${long / short}`)
  })
})

const user = (...content: ReadonlyArray<Prompt.UserMessagePartEncoded>) => Prompt.make([{ role: "user", content }])
const file = (data: string | Uint8Array | URL, mediaType: string) =>
  TokenEstimate.ofPrompt(user({ type: "file", mediaType, data })) - TokenEstimate.ofPrompt(user())

/** The head of a PNG of this size. */
const png = (width: number, height: number): Uint8Array => {
  const head = Buffer.alloc(100)
  head.write("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1")
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}

/** The head of a JPEG of this size, after so many bytes of what a camera wrote. */
const jpeg = (width: number, height: number, before: number): Uint8Array => {
  const head = Buffer.alloc(2 + 2 + before + 20)
  head.writeUInt16BE(0xffd8, 0)
  head.writeUInt16BE(0xffe1, 2)
  head.writeUInt16BE(before, 4)
  head.writeUInt16BE(0xffc0, 4 + before)
  head.writeUInt16BE(height, 4 + before + 5)
  head.writeUInt16BE(width, 4 + before + 7)
  return head
}

const gif = (width: number, height: number): Uint8Array => {
  const head = Buffer.alloc(100)
  head.write("GIF89a", "latin1")
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  return head
}

const webp = (width: number, height: number): Uint8Array => {
  const head = Buffer.alloc(100)
  head.write("RIFF\0\0\0\0WEBPVP8X", "latin1")
  head.writeUIntLE(width - 1, 24, 3)
  head.writeUIntLE(height - 1, 27, 3)
  return head
}

describe("files", () => {
  const heads = { png: png(750, 100), jpeg: jpeg(750, 100, 5_000), gif: gif(750, 100), webp: webp(750, 100) }
  for (const [name, head] of Object.entries(heads)) {
    it(`an image counts by its size: ${name}`, () => {
      assert.strictEqual(file(head, "image/*"), 100)
      assert.strictEqual(file(Buffer.from(head).toString("base64"), `image/${name}`), 100)
      assert.strictEqual(file(`data:image/${name};base64,${Buffer.from(head).toString("base64")}`, "image/*"), 100)
    })
  }

  it("an image is scaled down, and no larger than the largest", () => {
    assert.strictEqual(file(png(15_680, 7_500), "image/png"), 1_568)
    assert.strictEqual(file(png(5_000, 5_000), "image/png"), 1_600)
  })

  it("an image whose size nobody says is the largest", () => {
    assert.strictEqual(file("https://example.com/cat.png", "image/png"), 1_600)
    assert.strictEqual(file(new URL("https://example.com/cat.png"), "image/png"), 1_600)
    assert.strictEqual(file("file-abc", "image/png"), 1_600)
    assert.strictEqual(file(new Uint8Array(3), "image/png"), 1_600)
    assert.strictEqual(file("!".repeat(100), "image/png"), 1_600)
  })

  it("others count by their bytes", () => {
    assert.strictEqual(file(new Uint8Array(120_000), "application/pdf"), 7_500)
    assert.strictEqual(file(new Uint8Array(8_000), "audio/mpeg"), 32)
    assert.strictEqual(file(new Uint8Array(125_000), "video/mp4"), 300)
    assert.strictEqual(file(new Uint8Array(400), "text/plain"), 100)
  })
})

const request = (prompt: Prompt.Prompt, tools: ReadonlyArray<Tool.Any> = []) =>
  ({ prompt, tools, toolChoice: "auto", responseFormat: { type: "text" } }) as const

const Weather = Tool.make("Weather", {
  description: "The weather in a city, for the days that are asked for",
  parameters: Schema.Struct({ city: Schema.String, days: Schema.Number })
})

describe("ofRequest", () => {
  const prompt = Prompt.make("Hello")

  it("has the messages, the tools that are offered and the schema of the object", () => {
    const plain = TokenEstimate.ofRequest(request(prompt))
    const withTool = TokenEstimate.ofRequest(request(prompt, [Weather]))
    assert.isAbove(plain, 4)
    assert.isAbove(withTool, plain + 30)
    const none = { ...request(prompt, [Weather]), toolChoice: { oneOf: ["Other"] } }
    assert.strictEqual(TokenEstimate.ofRequest(none), plain)
    const schema = Schema.Struct({ city: Schema.String, country: Schema.String })
    const format = { type: "json", objectName: "Place", schema } as const
    assert.isAbove(TokenEstimate.ofRequest({ ...request(prompt), responseFormat: format }), plain + 20)
  })

  it("counts what tools were given and gave, and system messages", () => {
    const long = "word ".repeat(100)
    const messages: ReadonlyArray<Prompt.MessageEncoded> = [
      { role: "system", content: long },
      { role: "assistant", content: [{ type: "reasoning", text: long }] },
      { role: "assistant", content: [{ type: "tool-call", id: "1", name: "Weather", params: { city: long } }] },
      { role: "tool", content: [{ type: "tool-result", id: "1", name: "Weather", isFailure: false, result: [long] }] }
    ]
    for (const message of messages) {
      const tokens = TokenEstimate.ofPrompt(Prompt.make([message]))
      assert.isTrue(tokens >= 100 && tokens < 150, `${JSON.stringify(message).slice(0, 80)}: ${tokens}`)
    }
  })

  it("a schema that cannot be written counts for nothing", () => {
    const broken = Tool.make("Broken", { parameters: Schema.Struct({ value: Schema.Symbol }) })
    assert.isTrue(Number.isFinite(TokenEstimate.ofRequest(request(prompt, [broken]))))
  })
})
