/**
 * `npm run bench [-- --quick] [-- --strict]`: this project beside raw `fetch`, the `openai` package and the AI SDK. The
 * same bytes, in one process, in turns. `--strict` exits 1 when a target is missed.
 */
import { availableParallelism, loadavg } from "node:os"
import { aiSdk } from "./contenders/ai-sdk.ts"
import type { Dialect } from "./contenders/Contender.ts"
import { llmLayers } from "./contenders/llm-layers.ts"
import { openAiSdk } from "./contenders/openai-sdk.ts"
import { build, coldStart, judged } from "./measure/cold-import.ts"
import type { Comparison } from "./measure/in-process.ts"
import { doubling, firstText, medianOf, perCall, perChunk } from "./measure/in-process.ts"
import type { Options } from "./options.ts"
import { lighter, parseOptions } from "./options.ts"
import { comparisonTable, targetTable } from "./report/table.ts"
import type { Target } from "./report/targets.ts"
import { met } from "./report/targets.ts"
import { startLoopback } from "./transport/loopback.ts"

const dialectNames = { chat: "Chat Completions", responses: "Responses" } as const

const ours = (comparison: Comparison, peer: { readonly name: string }) =>
  medianOf(comparison, llmLayers.name) / medianOf(comparison, peer.name)

const print = (title: string, comparison: Comparison, unit: string) => {
  console.log(`\n${title}\n${comparisonTable(comparison, unit)}`)
  return comparison
}

const stubbed = async (dialect: Dialect, options: Options): Promise<ReadonlyArray<Target>> => {
  const name = dialectNames[dialect]
  const chunk = `${name}, streamed text chunk`
  const coalesced = print(
    `${chunk}, stubbed fetch, reads of 16 KiB`,
    await perChunk(dialect, "stub", "coalesced", options),
    "us"
  )
  const single = print(
    `${chunk}, stubbed fetch, one event per read`,
    await perChunk(dialect, "stub", "event", options),
    "us"
  )
  const call = print(`${name}, plain call, stubbed fetch`, await perCall(dialect, "stub", options), "us")
  const first = print(`${name}, call to first text, stubbed fetch`, await firstText(dialect, "stub", options), "us")
  return [
    { what: `${chunk}, coalesced, to openai SDK`, ratio: ours(coalesced, openAiSdk), atMost: 0.6 },
    { what: `${chunk}, one event per read, to openai SDK`, ratio: ours(single, openAiSdk), atMost: 1 },
    { what: `${chunk}, coalesced, to AI SDK`, ratio: ours(coalesced, aiSdk), atMost: 0.25 },
    { what: `${chunk}, one event per read, to AI SDK`, ratio: ours(single, aiSdk), atMost: 0.25 },
    { what: `${name}, plain call, to AI SDK`, ratio: ours(call, aiSdk), atMost: 1.3 },
    { what: `${name}, first text, to AI SDK`, ratio: ours(first, aiSdk), atMost: 0.4 },
    { what: `${name}, 2N to N chunks, coalesced`, ratio: await doubling(dialect, "coalesced", options), atMost: 2.2 },
    { what: `${name}, 2N to N chunks, one event per read`, ratio: await doubling(dialect, "event", options), atMost: 2.2 }
  ]
}

// With sockets the shares shift towards the machine, so these are shown and not judged.
const overLoopback = async (dialect: Dialect, options: Options) => {
  const name = dialectNames[dialect]
  const loopback = await startLoopback()
  try {
    print(`${name}, streamed text chunk, loopback HTTP`, await perChunk(dialect, loopback, "event", options), "us")
    print(`${name}, plain call, loopback HTTP`, await perCall(dialect, loopback, options), "us")
    print(`${name}, call to first text, loopback HTTP`, await firstText(dialect, loopback, options), "us")
  } finally {
    loopback.close()
  }
}

const importing = async (options: Options): Promise<ReadonlyArray<Target>> => {
  const complaint = build()
  if (complaint !== undefined) console.log(`\nnpm run build complained; what it wrote is measured:\n${complaint}`)
  const { answered, imported } = await coldStart(options)
  print("Cold import of one provider: built JavaScript (packages/*/dist), a fresh process each time", imported, "ms")
  print("The same processes, from their start to the first answer (stubbed fetch)", answered, "ms")
  const ratio = medianOf(imported, judged.ours) / medianOf(imported, judged.peer)
  return [{ what: `cold import, to ${judged.peer}`, ratio, atMost: 1.5 }]
}

const options = parseOptions(process.argv.slice(2))
const started = performance.now()
console.log(
  `Node ${process.version}; ${options.deltas} text deltas a stream, ${options.rounds.repetitions} repetitions, contenders `
    + "in turns. Everyone's text is compared with the wire's. Retries and telemetry off."
)
const load = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`
console.log(`At the start ${load()}. Other programs that run meanwhile make the ratios unreliable.`)
if (globalThis.gc === undefined) console.log("Without --expose-gc one contender's garbage can slow the next.")

const targets: Array<Target> = []
for (const dialect of ["chat", "responses"] as const) targets.push(...await stubbed(dialect, options))
for (const dialect of ["chat", "responses"] as const) await overLoopback(dialect, lighter(options))
targets.push(...await importing(options))

const missed = targets.filter((target) => !met(target)).length
console.log(`\nTargets (${llmLayers.name} as a multiple of the peer)\n${targetTable(targets)}`)
console.log(`\n${targets.length - missed} met, ${missed} missed, in ${((performance.now() - started) / 1000).toFixed(0)} s; ${load()}`)
if (options.strict && missed > 0) process.exitCode = 1
