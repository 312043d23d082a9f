/**
 * `npm run bench:policies [-- --quick] [-- --strict]`: what each policy adds to a call and to the parts of a stream while it
 * has nothing to do, and what a long queue takes of memory. `--strict` exits 1 when a target is missed.
 */
import { ManagedRuntime } from "effect"
import { availableParallelism, loadavg } from "node:os"
import { parseOptions } from "../options.ts"
import { table } from "../report/table.ts"
import { type Added, measure } from "./added.ts"
import { members, services } from "./members.ts"
import { running, waiting } from "./waiting.ts"

/**
 * Microseconds. Of a part, nothing is what cannot be told from it here. One that comes alone bears all of its read: who
 * must see how a stream ends has to look at each, which is not nothing.
 */
const atMost: Added = { call: 10, stream: 10, part: 0.05, lonePart: 0.2 }
const quantities = ["call", "stream", "part", "lonePart"] as const

const queued = 10_000
const megabytes = 100

const options = parseOptions(process.argv.slice(2))
const load = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`
console.log(
  `Node ${process.version}; lowest of ${options.rounds.repetitions} repetitions, in turns; time the thread computed, `
    + `less that of the same without the policy (${load()}).`
)

// First, while the process is small.
const queues = [
  ["plain", await waiting("generateText", queued), await running("generateText", queued)],
  ["streamed", await waiting("streamText", queued), await running("streamText", queued)]
] as const

const runtime = ManagedRuntime.make(services)
const added = await measure(runtime, members, { calls: options.calls * 40, rounds: options.rounds })
await runtime.dispose()

let met = 0
let missed = 0
const judge = (isMet: boolean): boolean => {
  if (isMet) met++
  else missed++
  return isMet
}

const rows = members.flatMap(({ base, busy, name }) => {
  const one = added.get(name)
  if (one === undefined || name === base) return []
  const over = busy === true ? [] : quantities.filter((quantity) => !judge(one[quantity] <= atMost[quantity]))
  const said = busy === true ? "not judged" : over.length === 0 ? "met" : `missed: ${over.join(", ")}`
  return [[name, ...quantities.map((quantity) => one[quantity].toFixed(quantity.endsWith("art") ? 3 : 1)), said]]
})

console.log(
  `\nus added: to a plain call, to a stream's beginning and end, to a part where a read has 64, to a part alone in its read`
    + `\n${table([["", ...quantities, ""], ["at most", ...quantities.map((name) => `${atMost[name]}`), ""], ...rows])}`
)

const mb = (bytes: number) => bytes / 1_000_000
console.log(
  `\nMB of ${queued} calls that wait for RateLimit, and of as many that wait for a vendor without it`
    + `\n${
      table([
        ["", "held", "at most", "", "without", "process grew by"],
        ...queues.map(([way, { grown, held }, without]) => [
          way,
          mb(held).toFixed(1),
          `${megabytes}`,
          judge(mb(held) <= megabytes) ? "met" : "missed",
          mb(without.held).toFixed(1),
          mb(grown).toFixed(1)
        ])
      ])
    }`
)
console.log(`\n${met} met, ${missed} missed; ${load()}`)
if (options.strict && missed > 0) process.exitCode = 1
