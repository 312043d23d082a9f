/** Every command of the guide is run, without a network: what asks a model has `--mock` added to it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"

const guide = readFileSync(join(import.meta.dirname, "../../../docs/guides/command-line.md"), "utf8")

const lines = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)]
  .flatMap(([, block = ""]) => block.trimEnd().split("\n"))
  .filter((line) => !line.startsWith("export "))

/** As far as the guide needs a shell: quotes, `cat FILE |` before the command and `< FILE` after it. */
const parsed = (line: string) => {
  const [, piped, command = "", redirected] = /^(?:cat (\S+) \| )?llm-layers (.*?)(?: < (\S+))?$/.exec(line) ?? []
  return {
    args: [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ""),
    input: piped ?? redirected
  }
}

/** What is about models of vendors, and asks none. */
const withoutMock = new Set(["count", "cost", "models", "providers"])

describe("the guide", () => {
  it.live("has commands that work as they stand", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({ "report.md": "A report.\n", "lines.txt": "one\ntwo\n" })
      mkdirSync(join(cwd, "notes"))
      writeFileSync(join(cwd, "notes/today.md"), "Nothing is new.\n")
      const written: Array<string> = []
      for (const line of lines) {
        const { args, input } = parsed(line)
        const [name = ""] = args
        const live = args.includes("--live") || args.includes("--check")
        const { code, stderr, stdout } = yield* run([
          // The command has the working directory of this process.
          ...args.map((arg) => /^[\w*/]+\.(md|txt|db|jsonl)$/.test(arg) ? join(cwd, arg) : arg),
          ...withoutMock.has(name) && !live ? [] : ["--mock"]
        ], { stdin: input === undefined ? "" : readFileSync(join(cwd, input), "utf8") })
        // Only the vendor counts exactly, which `count.test.ts` has.
        assert.strictEqual(code, args.includes("--exact") ? 3 : 0, `${line}\n${stderr}`)
        written.push(stdout)
      }
      assert.isAbove(lines.length, 15)
      assert.include(written.join(""), "You said: Why is the sky blue?")
      assert.include(written.join(""), "A report.")
      assert.lengthOf(readFileSync(join(cwd, "lines.jsonl"), "utf8").trimEnd().split("\n"), 2)
    }))
})
