/**
 * `npm run faults`: makes every fault of the catalogue happen to every provider, over HTTP on this machine, in both ways of
 * asking, and prints what came of it: the reason and kind of the error, the time to it, and whether the socket closed.
 *
 * `npm run faults -- WORD` runs the faults and providers whose names have the word.
 *
 * The last line is `N passed, M failed, K skipped`; the exit code is 1 on a wrong reason, a hang, a socket that stays
 * open, an error that nobody caught, or nothing to run.
 */
import { catalogue } from "./catalogue/index.ts"
import { runMain } from "./run-main.ts"
import { wires } from "./wires/index.ts"

const [word = ""] = process.argv.slice(2)
const has = (name: string) => name.toLowerCase().includes(word.toLowerCase())
const chosen = wires.filter(({ name }) => has(name))

await runMain(
  chosen.length > 0 ? chosen : wires,
  chosen.length > 0 ? catalogue : catalogue.filter(({ name }) => has(name))
)
