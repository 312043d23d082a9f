/** A driver that answers at once, so that what is measured is what a policy adds. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Driver from "@llm-layers/core/Driver"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import * as DriverRequest from "@llm-layers/testing/DriverRequest"
import { Cause, Effect, Stream } from "effect"
import { type LanguageModel, Prompt } from "effect/ai"
import { textDeltas } from "../wire/text.ts"

/** The reads of a stream, each of which is waited for as one of a socket is. */
export type Reads = ReadonlyArray<readonly [PartStream.Part, ...ReadonlyArray<PartStream.Part>]>

const usage = Usage.make({ inputTotal: 12, outputTotal: 20 })

/** So many pieces of text and what is around them, so many parts a read. */
export const readsOf = (deltas: number, partsInRead: number): Reads => {
  const parts: ReadonlyArray<PartStream.Part> = [
    { type: "response-metadata", id: "resp_1", modelId: "bench" },
    { type: "text-start", id: "0" },
    ...textDeltas(deltas).map((delta) => ({ type: "text-delta", id: "0", delta }) as const),
    { type: "text-end", id: "0" },
    { type: "finish", reason: "stop", usage }
  ]
  const reads: Array<Reads[number]> = []
  for (let at = 0; at < parts.length; at += partsInRead) {
    const [first, ...rest] = parts.slice(at, at + partsInRead)
    if (first !== undefined) reads.push([first, ...rest])
  }
  return reads
}

export const partsOf = (reads: Reads): number => reads.reduce((sum, read) => sum + read.length, 0)

/** The driver; its streams have these reads. */
export const driverOf = (reads: Reads): Driver.Driver => ({
  provider: "bench",
  module: "BenchLanguageModel",
  model: "bench",
  capabilities: Capability.all,
  codecTransformer: ToolParameters.plain,
  settings: Effect.succeed({}),
  identity: Effect.succeed({ model: "bench" }),
  generateText: () =>
    Effect.succeed([{ type: "text", text: "Something long." }, { type: "finish", reason: "stop", usage }]),
  streamText: () =>
    Stream.fromPull(Effect.sync(() => {
      let at = 0
      return Effect.callback<Reads[number], Cause.Done>((resume) => {
        const read = reads[at++]
        queueMicrotask(() => resume(read === undefined ? Cause.done() : Effect.succeed(read)))
      })
    }))
})

export const prompt = "Explain layers to somebody who knows functions, in a few sentences and with one example."

/** What is asked, anew for each call: what a policy remembers of a message is no help. */
export const requestOf = (): LanguageModel.ProviderOptions =>
  DriverRequest.make({ prompt: Prompt.make(prompt), toolChoice: "none" })
