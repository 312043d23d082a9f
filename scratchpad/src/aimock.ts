/**
 * A loopback server that speaks the HTTP APIs of OpenAI, Anthropic, Google, Cohere and OpenRouter and answers from a script,
 * for runs without a key.
 *
 * It is `@copilotkit/aimock`: real sockets, real server-sent events, canned answers. What it does not check: keys,
 * model names, JSON schemas. Where it is not as the vendors are (aimock 1.43): its errors for Cohere are in OpenAI's form,
 * `{ error: { message } }`, in place of `{ id, message }`; its streams for Cohere have no `[DONE]`, call texts what is
 * reasoning, and a plan is always the same. Status, `retry-after` and the events before are the vendor's, which is enough
 * for what is asked here. Of OpenAI's dialect it answers every path that ends in `/chat/completions` alike.
 */
import { type ChatCompletionRequest, createServer, type Fixture, type FixtureResponse } from "@copilotkit/aimock"
import { Context, Effect, Layer } from "effect"

/** The prompts that have a scripted answer. Any other question gets {@link answerTo}. */
export const prompts = {
  text: "Explain what a layer is, in two sentences.",
  weather: "What is the weather in Lisbon?",
  city: "Name the capital of Portugal, its country and its population.",
  rateLimited: "Say hello in one short sentence."
} as const

/** The tool that the answer to `prompts.weather` calls, with the arguments it is called with. */
export const weatherCall = { name: "get_weather", arguments: { city: "Lisbon" } } as const

/** The scripted answers. */
export const answers = {
  text:
    "A layer is a recipe that builds a service, together with everything that the service needs and the way to close "
    + "it again. Programs say which services they use, and a layer decides at the edge which ones they get.",
  /** The answer after the tool result: it quotes the result, so that a result which got lost shows. */
  weather: (toolResult: string) => `The weather service answered ${toolResult}. No umbrella needed.`,
  city: { city: "Lisbon", country: "Portugal", population: 545796 },
  rateLimited: "Hello, and thank you for waiting."
} as const

/** The answer to a question that is not in the script. */
export const answerTo = (question: string) =>
  `You asked "${question}". This answer is canned, from a mock server on this machine; with a key in the environment a `
  + "model answers here, through the same code."

/** What the rate-limited prompt meets before its answer: `retry-after` is in seconds. */
export const rateLimit = { status: 429, retryAfter: 1 } as const

/** Base URLs as the clients want them. */
export class Aimock extends Context.Service<Aimock, {
  readonly openAiBaseUrl: string
  readonly anthropicBaseUrl: string
  readonly googleBaseUrl: string
  readonly cohereBaseUrl: string
  /** The `/api` before the version tells OpenRouter's requests from OpenAI's. */
  readonly openRouterBaseUrl: string
  readonly groqBaseUrl: string
  /** Paths of the requests received so far, oldest first. */
  readonly requests: Effect.Effect<ReadonlyArray<string>>
}>()("@llm-layers/scratchpad/Aimock") {}

/** Starts the server on a free loopback port; closing the scope stops it. */
export const make = Effect.acquireRelease(
  Effect.promise(() => createServer(script(), { host: "127.0.0.1", port: 0 })),
  // Not `LLMock`: its `stop` waits up to five seconds for a client that left a response unread.
  ({ server }) =>
    Effect.callback<void>((resume) => {
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
).pipe(
  Effect.map(({ journal, url }) =>
    Aimock.of({
      openAiBaseUrl: `${url}/v1`,
      anthropicBaseUrl: url,
      googleBaseUrl: url,
      cohereBaseUrl: url,
      openRouterBaseUrl: `${url}/api/v1`,
      groqBaseUrl: `${url}/openai/v1`,
      requests: Effect.sync(() => journal.getAll().map((entry) => entry.path))
    })
  )
)

/** {@link make} as a layer. */
export const layer = Layer.effect(Aimock, make)

// One event every 25 ms, a few words each: slow enough to be seen arriving. OpenRouter puts comments between events.
const pace = { chunkSize: 14, latency: 25, openRouterProcessing: true } as const

const script = (): Array<Fixture> => [
  { match: asked(prompts.text), response: (request) => text(request, answers.text), ...pace },
  {
    match: { ...asked(prompts.weather), toolName: weatherCall.name, hasToolResult: false },
    response: (request) => {
      const call = { name: weatherCall.name, arguments: JSON.stringify(weatherCall.arguments) }
      return { toolCalls: [call], usage: usage(request, call.name + call.arguments) }
    },
    ...pace
  },
  {
    match: { ...asked(prompts.weather), hasToolResult: true },
    response: (request) => text(request, answers.weather(lastToolResult(request))),
    ...pace
  },
  { match: asked(prompts.city), response: (request) => text(request, JSON.stringify(answers.city)), ...pace },
  { match: asked(prompts.rateLimited), response: everySecondCall(), ...pace },
  { match: { endpoint: "chat" }, response: (request) => text(request, answerTo(lastQuestion(request))), ...pace }
]

// `endpoint: "chat"` is aimock's name for what all vendors have: Chat Completions, Responses, Messages, `/v2/chat`.
const asked = (prompt: string) => ({ endpoint: "chat" as const, userMessage: prompt })

// The first call to a model is refused and the next one answered, then it starts again: each provider, and each
// run in one process, meets the refusal once.
const everySecondCall = () => {
  const refused = new Set<string>()
  return (request: ChatCompletionRequest): FixtureResponse => {
    if (refused.delete(request.model)) return text(request, answers.rateLimited)
    refused.add(request.model)
    return {
      error: {
        message: "Rate limit reached. Please try again in 1s.",
        type: "rate_limit_error",
        code: "rate_limit_exceeded"
      },
      ...rateLimit
    }
  }
}

const text = (request: ChatCompletionRequest, content: string): FixtureResponse => ({
  content,
  usage: usage(request, content)
})

// Without counts of its own aimock says zero on Responses and Messages. About four characters make a token.
const usage = (request: ChatCompletionRequest, answer: string) => ({
  input_tokens: tokens(request.messages.map(contentText).join("")),
  output_tokens: tokens(answer)
})

const tokens = (content: string) => Math.max(1, Math.ceil(content.length / 4))

const lastToolResult = (request: ChatCompletionRequest) => lastText(request, "tool")

const lastQuestion = (request: ChatCompletionRequest) => lastText(request, "user")

const lastText = (request: ChatCompletionRequest, role: "tool" | "user") => {
  const message = request.messages.findLast((candidate) => candidate.role === role)
  return message === undefined ? "" : contentText(message)
}

const contentText = (message: ChatCompletionRequest["messages"][number]) =>
  typeof message.content === "string"
    ? message.content
    : (message.content ?? []).map((part) => part.text ?? "").join("")
