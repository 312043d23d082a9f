/** A server that is asked as Groq is, by the dialect of Chat Completions. */
import type * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"

const head = { "content-type": "text/event-stream" }

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`

const delta = (content: string) => event({ id: "1", choices: [{ index: 0, delta: { content } }] })

const end = event({ id: "1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) +
  event({ id: "1", choices: [], usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 } }) +
  "data: [DONE]\n\n"

/** Says these pieces. */
export const says = (...pieces: ReadonlyArray<string>): LoopbackServer.Reply => ({
  headers: head,
  body: [...pieces.map(delta), end]
})

/** Says these pieces, and then nothing more, with the connection open. */
export const staysSilent = (...pieces: ReadonlyArray<string>): LoopbackServer.Reply => ({
  headers: head,
  body: pieces.map(delta),
  end: "silence"
})

/** Says pieces, and does what is between them. */
export const paced = (pieces: ReadonlyArray<string | Effect.Effect<unknown>>): LoopbackServer.Plan => ({
  headers: head,
  body: [...pieces.map((piece) => typeof piece === "string" ? delta(piece) : piece), end]
})

/** Says these pieces, and then the connection is lost. */
export const isCut = (...pieces: ReadonlyArray<string>): LoopbackServer.Plan => ({
  headers: head,
  body: pieces.map(delta),
  end: "cut"
})

/** What the command needs to ask it. */
export const environment = ({ url }: LoopbackServer.LoopbackServer) => ({
  GROQ_API_KEY: "gsk_test",
  GROQ_BASE_URL: `${url}/openai/v1`,
  LLM_RETRIES: "0"
})

/** A model of it that the catalogue has prices for. */
export const model = "groq/llama-3.3-70b-versatile"

/** What it was asked, in the order of the requests. */
export const asked = (server: LoopbackServer.LoopbackServer) =>
  Effect.map(server.requests, (requests) =>
    requests.map(({ body }): {
      readonly model: string
      readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>
      readonly temperature?: number
      readonly max_completion_tokens?: number
      readonly top_p?: number
      readonly stop?: unknown
    } => JSON.parse(body)))
