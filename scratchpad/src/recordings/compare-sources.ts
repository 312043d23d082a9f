import { show, valueDifference } from "./difference.ts"
import type { AnswerExpectation, ExpectedSource } from "./expectation/Expectation.ts"
import { LeafIndex } from "./leaves.ts"
import type { ObservedAnswer } from "./observe.ts"

type Source = ObservedAnswer["sources"][number]

const namesOf = (source: Source): ReadonlyArray<string | undefined> =>
  source.sourceType === "url" ? [source.url.href] : [source.title, source.fileName]

const isOf = (expected: ExpectedSource, source: Source): boolean =>
  expected.type === source.sourceType
  && (expected.anyOf.length === 0 || namesOf(source).some((name) => expected.anyOf.some((one) => one === name)))

/** Each citation has a source of its own, in the order of the citations, that has the citation; there are no others. */
export const compareSources = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let last = -1
  for (const wanted of expected.sources) {
    const name = show(wanted.anyOf[0] ?? "a citation")
    const at = observed.sources.findIndex((source, place) => place > last && isOf(wanted, source))
    const source = observed.sources[at]
    if (source === undefined) {
      lines.push(`no ${wanted.type} source for ${name}`)
      continue
    }
    last = at
    if (wanted.title !== undefined) {
      lines.push(...valueDifference(`title of the source ${name}`, wanted.title, source.title))
    }
    if (typeof wanted.citation === "object" && wanted.citation !== null) {
      const kept = new LeafIndex().add(source.metadata).hasTree(wanted.citation)
      if (!kept) lines.push(`the source for ${name} has not its citation: ${show(wanted.citation)}`)
    }
  }
  const [wanted, came] = [expected.sources.length, observed.sources.length]
  if (lines.length === 0 && came > wanted) lines.push(`${came} sources in place of ${wanted}`)
  const ids = observed.sources.map((source) => source.id)
  if (new Set(ids).size < ids.length) lines.push(`two sources have one id: ${show(ids)}`)
  return lines
}
