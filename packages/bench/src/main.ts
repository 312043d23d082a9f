/**
 * `npm run bench [-- --quick] [-- --strict]`: this project beside raw `fetch`, the `openai` package and the AI SDK. The
 * same bytes, in one process, in turns. `--strict` exits 1 when a target is missed.
 */
import { availableParallelism, loadavg } from "node:os"
import { aiSdk } from "./contenders/ai-sdk.ts"
import type { Dialect } from "./contenders/Contender.ts"
import { llmLayers } from "./contenders/llm-layers.ts"
import { openAiSdk } from "./contenders/openai-sdk.ts"
import { build, coldStart, judged } from "./measure/cold-start.ts"
import type { Measured } from "./measure/in-process.ts"
import { doubling, firstText, perCall, perChunk } from "./measure/in-process.ts"
import { ratioOf } from "./measure/statistics.ts"
import type { Clock } from "./measure/stopwatch.ts"
import type { Options } from "./options.ts"
import { lighter, parseOptions } from "./options.ts"
import { comparisonTable, measuredTable, targetTable } from "./report/table.ts"
import type { Target } from "./report/targets.ts"
import { met } from "./report/targets.ts"
import { startLoopback } from "./transport/loopback.ts"

const dialectNames = { chat: "Chat Completions", responses: "Responses" } as const

/** Prints a measurement and gives our ratio to a peer, by the clock that judges it. */
const shown = (title: string, measured: Measured, by: Clock) => {
  console.log(`\n${title}\n${measuredTable(measured, by)}`)
  return (peer: { readonly name: string }) => ratioOf(measured[by], llmLayers.name, peer.name)
}

// What a chunk and a call cost is work; the first text is a wait.
const stubbed = async (dialect: Dialect, options: Options): Promise<ReadonlyArray<Target>> => {
  const name = dialectNames[dialect]
  const chunk = `${name}, streamed text chunk`
  const coalesced = shown(`${chunk}, stubbed fetch, reads of 16 KiB`, await perChunk(dialect, "stub", "coalesced", options), "cpu")
  const single = shown(`${chunk}, stubbed fetch, one event per read`, await perChunk(dialect, "stub", "event", options), "cpu")
  const call = shown(`${name}, plain call, stubbed fetch`, await perCall(dialect, "stub", options), "cpu")
  const first = shown(`${name}, call to first text, stubbed fetch`, await firstText(dialect, "stub", options), "wall")
  return [
    { what: `${chunk}, coalesced, to openai SDK`, ratio: coalesced(openAiSdk), atMost: 0.6 },
    { what: `${chunk}, one event per read, to openai SDK`, ratio: single(openAiSdk), atMost: 1 },
    { what: `${chunk}, coalesced, to AI SDK`, ratio: coalesced(aiSdk), atMost: 0.25 },
    { what: `${chunk}, one event per read, to AI SDK`, ratio: single(aiSdk), atMost: 0.25 },
    { what: `${name}, plain call, to AI SDK`, ratio: call(aiSdk), atMost: 1.3 },
    { what: `${name}, first text, to AI SDK`, ratio: first(aiSdk), atMost: 0.4 },
    { what: `${name}, 2N to N chunks, coalesced`, ratio: await doubling(dialect, "coalesced", options), atMost: 2.2 },
    { what: `${name}, 2N to N chunks, one event per read`, ratio: await doubling(dialect, "event", options), atMost: 2.2 }
  ]
}

// With sockets the machine has a larger share, so these are shown and not judged.
const overLoopback = async (dialect: Dialect, options: Options) => {
  const name = dialectNames[dialect]
  const loopback = await startLoopback()
  try {
    shown(`${name}, streamed text chunk, loopback HTTP`, await perChunk(dialect, loopback, "event", options), "cpu")
    shown(`${name}, plain call, loopback HTTP`, await perCall(dialect, loopback, options), "wall")
    shown(`${name}, call to first text, loopback HTTP`, await firstText(dialect, loopback, options), "wall")
  } finally {
    loopback.close()
  }
}

const importing = async (options: Options): Promise<ReadonlyArray<Target>> => {
  const complaint = build()
  if (complaint !== undefined) console.log(`\nnpm run build complained; what it wrote is measured:\n${complaint}`)
  const { answered, imported } = await coldStart(options)
  console.log(
    `\nCold import of one provider: built JavaScript (packages/*/dist), a fresh process each time`
      + `\n${comparisonTable(imported, "ms")}`
      + `\n\nThe same processes, up to the first answer (stubbed fetch)\n${comparisonTable(answered, "ms")}`
  )
  return [{ what: `cold import, to ${judged.peer}`, ratio: ratioOf(imported, judged.ours, judged.peer), atMost: 1.5 }]
}

const load = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`

const options = parseOptions(process.argv.slice(2))
const started = performance.now()
console.log(
  `Node ${process.version}; ${options.deltas} text deltas a stream, ${options.rounds.repetitions} repetitions, contenders `
    + `in turns. Everyone's text is compared with the wire's. Retries and telemetry off.\n`
    + `cpu: time the thread computed; wall: time on the clock. At the start ${load()}: what else runs slows the clock.`
)
if (globalThis.gc === undefined) console.log("Without --expose-gc one contender's garbage can slow the next.")

const targets: Array<Target> = []
for (const dialect of ["chat", "responses"] as const) targets.push(...await stubbed(dialect, options))
for (const dialect of ["chat", "responses"] as const) await overLoopback(dialect, lighter(options))
targets.push(...await importing(options))

const missed = targets.filter((target) => !met(target)).length
console.log(
  `\nTargets (${llmLayers.name} as a multiple of the peer; first text and import by wall, the others by cpu)\n`
    + `${targetTable(targets)}\n\n${targets.length - missed} met, ${missed} missed, in `
    + `${((performance.now() - started) / 1000).toFixed(0)} s; ${load()}`
)
if (options.strict && missed > 0) process.exitCode = 1
