/**
 * The first run: one program over `effect/ai`, which knows no provider. It streams text, calls a tool, returns a typed
 * object and recovers from a rate limit.
 */
import { Clock, Console, Duration, Effect, Schema, Stream } from "effect"
import { LanguageModel, Model, Prompt, type Response, Tool, Toolkit } from "effect/ai"
import { prompts, weatherCall } from "../aimock.ts"

/** Tokens of a run, added up over its calls. */
interface Tokens {
  input: number
  output: number
}

const GetWeather = Tool.make(weatherCall.name, {
  description: "The weather of a city, now",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.Struct({ celsius: Schema.Finite, sky: Schema.String })
})

const Weather = Toolkit.make(GetWeather)

/** The tool's handler: stands for a call of a weather service. */
export const weatherLayer = Weather.toLayer({
  [weatherCall.name]: ({ city }) =>
    Console.log(`   the model calls ${weatherCall.name}({ city: "${city}" })`).pipe(
      Effect.as({ celsius: 21, sky: "clear" })
    )
})

const City = Schema.Struct({
  city: Schema.String,
  country: Schema.String,
  population: Schema.Int
})

const write = (text: string) => Effect.sync(() => process.stdout.write(text))

const add = (tokens: Tokens, usage: Response.Usage) => {
  tokens.input += usage.inputTokens.total ?? 0
  tokens.output += usage.outputTokens.total ?? 0
}

const streamed = (question: string, tokens: Tokens) =>
  LanguageModel.streamText({ prompt: question }).pipe(
    Stream.runForEach((part) => {
      if (part.type === "text-delta") return write(part.delta)
      if (part.type === "finish") add(tokens, part.usage)
      return Effect.void
    }),
    Effect.andThen(write("\n"))
  )

const withTool = Effect.fn(function*(tokens: Tokens) {
  const asked = Prompt.make(prompts.weather)
  const first = yield* LanguageModel.generateText({ prompt: asked, toolkit: Weather })
  add(tokens, first.usage)
  for (const { result } of first.toolResults) yield* Console.log(`   the tool answers ${JSON.stringify(result)}`)
  // One call of the model is one request; the next one carries the tool's result.
  const second = yield* LanguageModel.generateText({
    prompt: Prompt.concat(asked, Prompt.fromResponseParts(first.content)),
    toolkit: Weather
  })
  add(tokens, second.usage)
  yield* Console.log(`   ${second.text}`)
})

const object = Effect.fn(function*(tokens: Tokens) {
  const response = yield* LanguageModel.generateObject({ prompt: prompts.city, schema: City })
  add(tokens, response.usage)
  const { city, country, population } = response.value
  yield* Console.log(`   city: ${city}, country: ${country}, population: ${population} (a ${typeof population})`)
})

const recovered = Effect.fn(function*(tokens: Tokens) {
  const call = LanguageModel.generateText({ prompt: prompts.rateLimited })
  const response = yield* call.pipe(
    Effect.catchReason("AiError", "RateLimitError", (limited) => {
      const wait = limited.retryAfter ?? Duration.seconds(2)
      return Console.log(`   rate limited; trying again in ${Duration.format(wait)}`).pipe(
        Effect.andThen(Effect.delay(call, wait))
      )
    })
  )
  add(tokens, response.usage)
  yield* Console.log(`   ${response.text}`)
})

/** The whole run, or the answer to a question of the user's own. */
export const program = Effect.fn(function*(question: string | undefined) {
  const provider = yield* Model.ProviderName
  const model = yield* Model.ModelName
  const tokens: Tokens = { input: 0, output: 0 }
  const started = yield* Clock.currentTimeMillis
  yield* Console.log(`\n== ${provider}/${model}`)
  if (question === undefined) {
    yield* Console.log("1. Text, as it arrives:")
    yield* write("   ")
    yield* streamed(prompts.text, tokens)
    yield* Console.log("2. A tool call:")
    yield* withTool(tokens)
    yield* Console.log("3. A typed object:")
    yield* object(tokens)
    yield* Console.log("4. A rate limit:")
    yield* recovered(tokens)
  } else {
    yield* streamed(question, tokens)
  }
  const ended = yield* Clock.currentTimeMillis
  yield* Console.log(`-- ${tokens.input} tokens in, ${tokens.output} out, ${((ended - started) / 1000).toFixed(1)} s`)
})
