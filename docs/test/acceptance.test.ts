import { assert, describe, it } from "@effect/vitest"
import { findPaths, readText } from "../../test/source.ts"

/** How many items each reference system has. */
const systems = { S1: 66, S2: 22, S3: 38, S4: 52 }

interface Row {
  readonly items: ReadonlyArray<string>
  /** What shows them, or why they are met in another way. */
  readonly shown: string
}

const rowsOf = (text: string): ReadonlyArray<Row> =>
  text.split("\n").filter((line) => line.startsWith("| S")).map((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    return { items: (cells[1] ?? "").split(",").flatMap((one) => itemsOf(one.trim())), shown: cells[3] ?? "" }
  })

/** `S4.18 to S4.20` is three. */
const itemsOf = (text: string): ReadonlyArray<string> => {
  const [, system, first, last] = /^(S\d)\.(\d+)(?: to S\d\.(\d+))?$/.exec(text) ?? []
  if (system === undefined || first === undefined) throw new Error(`no item: ${text}`)
  return Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, at) => `${system}.${Number(first) + at}`)
}

/** What is wrong with what shows a row. */
const faultsOf = (shown: string): ReadonlyArray<string> => {
  const { scripts }: { readonly scripts: Record<string, string> } = JSON.parse(readText("package.json"))
  const faults: Array<string> = []
  const texts: Array<string> = []
  for (const [, code = ""] of shown.replaceAll(/"[^"]+"/g, "").matchAll(/`([^`]+)`/g)) {
    const script = /^npm (?:run )?([\w:]+)/.exec(code)?.[1]
    if (script !== undefined) {
      if (!(script in scripts)) faults.push(`no script: ${code}`)
    } else if (/[/.]/.test(code)) {
      const paths = findPaths([code])
      if (paths.length === 0) faults.push(`no file: ${code}`)
      texts.push(...paths.map(readText))
    }
  }
  for (const [, title = ""] of shown.matchAll(/"([^"]+)"/g)) {
    if (!texts.some((text) => text.includes(title))) faults.push(`in none of its files: "${title}"`)
  }
  if (texts.length === 0) faults.push(`nothing is named: ${shown}`)
  return faults
}

const rows = rowsOf(readText("docs/acceptance.md"))

describe("acceptance", () => {
  it("has every item once", () => {
    const all = Object.entries(systems).flatMap(([system, count]) => itemsOf(`${system}.1 to ${system}.${count}`))
    const named = rows.flatMap(({ items }) => items)
    assert.deepStrictEqual(named.toSorted(), all.toSorted())
  })

  it("names files and titles that exist", () => {
    assert.deepStrictEqual(rows.flatMap(({ shown }) => faultsOf(shown)), [])
  })

  it("notices what does not", () => {
    const [first, second] = rowsOf("| S1.2, S1.4 to S1.6 | what | `docs/gone.md` |\n| S2.1 | what | `npm run gone` |")
    assert.deepStrictEqual(first?.items, ["S1.2", "S1.4", "S1.5", "S1.6"])
    assert.include(faultsOf(first?.shown ?? "")[0], "docs/gone.md")
    assert.include(faultsOf(second?.shown ?? "")[0], "npm run gone")
    assert.deepStrictEqual(faultsOf("`docs/*.md` \"no such title\""), ["in none of its files: \"no such title\""])
    assert.lengthOf(faultsOf("it is plain"), 1)
  })
})
