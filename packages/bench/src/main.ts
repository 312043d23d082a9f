/**
 * `npm run bench [-- --quick] [-- --strict]`: this project beside raw `fetch`, the `openai` package and the AI SDK. The
 * same bytes, in one process, in turns. `--strict` exits 1 when a target is missed.
 */
import { availableParallelism, loadavg } from "node:os"
import { aiSdk } from "./contenders/ai-sdk.ts"
import type { Contender, Dialect } from "./contenders/Contender.ts"
import { llmLayers } from "./contenders/llm-layers.ts"
import { openAiSdk } from "./contenders/openai-sdk.ts"
import { build, coldStart, judged } from "./measure/cold-start.ts"
import type { Measured } from "./measure/in-process.ts"
import { doubling, firstText, perCall, perChunk } from "./measure/in-process.ts"
import type { Comparison } from "./measure/statistics.ts"
import { ratioOf } from "./measure/statistics.ts"
import type { Options } from "./options.ts"
import { lighter, parseOptions } from "./options.ts"
import { callTable, chunkTable, coldTable, targetTable } from "./report/table.ts"
import type { Target } from "./report/targets.ts"
import { met } from "./report/targets.ts"
import { startLoopback } from "./transport/loopback.ts"

const dialectNames = { chat: "Chat Completions", responses: "Responses" } as const

const ours = (comparison: Comparison) => (peer: Contender) => ratioOf(comparison, llmLayers.name, peer.name)

const showChunks = (title: string, measured: Measured) => {
  console.log(`\n${title}\n${chunkTable(measured)}`)
  return ours(measured.cpu)
}

const showCalls = (title: string, comparison: Comparison) => {
  console.log(`\n${title}\n${callTable(comparison)}`)
  return ours(comparison)
}

const stubbed = async (dialect: Dialect, options: Options): Promise<ReadonlyArray<Target>> => {
  const name = dialectNames[dialect]
  const chunk = `${name}, streamed text chunk`
  const coalesced = showChunks(
    `${chunk}, stubbed fetch, reads of 16 KiB`,
    await perChunk(dialect, "stub", "coalesced", options)
  )
  const single = showChunks(
    `${chunk}, stubbed fetch, one event per read`,
    await perChunk(dialect, "stub", "event", options)
  )
  const call = showCalls(`${name}, plain call, stubbed fetch`, await perCall(dialect, "stub", options))
  const first = showCalls(`${name}, call to first text, stubbed fetch`, await firstText(dialect, "stub", options))
  return [
    { what: `${chunk}, coalesced, to openai SDK`, ratio: coalesced(openAiSdk), atMost: 0.6 },
    { what: `${chunk}, one event per read, to openai SDK`, ratio: single(openAiSdk), atMost: 1 },
    { what: `${chunk}, coalesced, to AI SDK`, ratio: coalesced(aiSdk), atMost: 0.25 },
    { what: `${chunk}, one event per read, to AI SDK`, ratio: single(aiSdk), atMost: 0.25 },
    { what: `${name}, plain call, to AI SDK`, ratio: call(aiSdk), atMost: 1.3 },
    { what: `${name}, first text, to AI SDK`, ratio: first(aiSdk), atMost: 0.4 },
    { what: `${name}, 2N to N chunks, coalesced`, ratio: await doubling(dialect, "coalesced", options), atMost: 2.2 },
    {
      what: `${name}, 2N to N chunks, one event per read`,
      ratio: await doubling(dialect, "event", options),
      atMost: 2.2
    }
  ]
}

// With sockets the machine has a larger share, so these are shown and not judged.
const overLoopback = async (dialect: Dialect, options: Options) => {
  const name = dialectNames[dialect]
  const loopback = await startLoopback()
  try {
    showChunks(`${name}, streamed text chunk, loopback HTTP`, await perChunk(dialect, loopback, "event", options))
    showCalls(`${name}, plain call, loopback HTTP`, await perCall(dialect, loopback, options))
    showCalls(`${name}, call to first text, loopback HTTP`, await firstText(dialect, loopback, options))
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
      + `\n${coldTable(imported)}`
      + `\n\nThe same processes, up to the first answer (stubbed fetch)\n${coldTable(answered)}`
  )
  return [{ what: `cold import, to ${judged.peer}`, ratio: ratioOf(imported, judged.ours, judged.peer), atMost: 1.5 }]
}

const load = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`

const options = parseOptions(process.argv.slice(2))
const started = performance.now()
console.log(
  `Node ${process.version}; ${options.deltas} text deltas a stream, ${options.rounds.repetitions} repetitions, `
    + `contenders in turns. Everyone's text is compared with the wire's. Retries and telemetry off.\n`
    + `cpu: time the thread computed, by which chunks are judged; clock: time that passed, which is longer where other `
    + `programs run (${load()}). Medians; a call's is the median of single calls.`
)

const targets: Array<Target> = []
for (const dialect of ["chat", "responses"] as const) targets.push(...await stubbed(dialect, options))
for (const dialect of ["chat", "responses"] as const) await overLoopback(dialect, lighter(options))
targets.push(...await importing(options))

const missed = targets.filter((target) => !met(target)).length
console.log(
  `\nTargets (${llmLayers.name} as a multiple of the peer)\n`
    + `${targetTable(targets)}\n\n${targets.length - missed} met, ${missed} missed, in `
    + `${((performance.now() - started) / 1000).toFixed(0)} s; ${load()}`
)
if (options.strict && missed > 0) process.exitCode = 1
