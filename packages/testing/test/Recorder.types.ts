import * as Recorder from "@llm-layers/testing/Recorder"
import { Effect, Layer } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"

const transport = Layer.provide(Recorder.layerHttpClient, FetchHttpClient.layer)
const program = Effect.provide(HttpClient.get("https://api.example.com"), transport)

// @ts-expect-error: no cassette
void Effect.runPromise(program)

void Effect.runPromise(Effect.provide(program, Recorder.layer({ cassette: "test/cassettes/one.json" })))

// @ts-expect-error: a recorder is not for ever
void Effect.runPromise(Recorder.make({ cassette: "test/cassettes/one.json" }))

// @ts-expect-error: nothing records what is missing and replays the rest
Recorder.layer({ cassette: "test/cassettes/one.json", mode: "auto" })

// @ts-expect-error: a secret that can be printed
Recorder.layer({ cassette: "test/cassettes/one.json", secrets: ["key"] })
