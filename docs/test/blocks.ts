/** Finds the code blocks of guides and docstrings. */
import { fromMarkdown } from "mdast-util-from-markdown"
import { findPaths, lineAt, parse, readText } from "../../test/source.ts"

/**
 * What is done with a block: `run` type-checks and runs it, `no-run` type-checks it alone (a program that needs a real
 * key), `expect-error` wants at least one type error, `of` holds it to be a part of a file, which is checked elsewhere.
 */
export type Mark = "run" | "no-run" | "expect-error" | "of"

export interface Block {
  /** From the root of the workspace. */
  readonly file: string
  /** The line of the fence; the code starts on the next one. */
  readonly line: number
  readonly mark: Mark
  /** The file it is a part of, from the root of the workspace. */
  readonly of?: string
  readonly code: string
}

const marks: ReadonlyMap<string, Mark> = new Map([["", "run"], ["no-run", "no-run"], ["expect-error", "expect-error"]])

/** Other names of the language. A block under one of them would look like code that is tested, and not be. */
const otherNames = new Set(["typescript", "tsx", "mts", "js", "javascript", "jsx", "mjs", "cjs"])

const guides = ["*.md", "docs/**/*.md", "packages/*/*.md", "scratchpad/*.md"]

/** Modules that are imported by name; `internal/` is not. */
const sources = ["packages/*/src/*.ts"]

/** All blocks of the workspace. */
export const readBlocks = (): ReadonlyArray<Block> => [
  ...findPaths(guides).flatMap((file) => blocksOfMarkdown(file, readText(file))),
  ...findPaths(sources).flatMap((file) => blocksOfSource(file, readText(file)))
]

export const blocksOfMarkdown = (file: string, text: string): ReadonlyArray<Block> => blocksAt(file, text, 0)

export const blocksOfSource = (file: string, text: string): ReadonlyArray<Block> =>
  parse(file, text).comments
    .filter((one) => one.type === "Block" && one.value.startsWith("*"))
    .flatMap((one) => blocksAt(file, one.value.slice(1).replace(/^[ \t]*\* ?/gm, ""), lineAt(text, one.start) - 1))

type Root = ReturnType<typeof fromMarkdown>

const blocksAt = (file: string, markdown: string, above: number): ReadonlyArray<Block> => {
  const found: Array<Block> = []
  const visit = (node: Root | Root["children"][number]): void => {
    if (node.type === "code") {
      const line = above + (node.position?.start.line ?? 0)
      const meta = node.meta?.trim() ?? ""
      const of = /^of=(\S+)$/.exec(meta)?.[1]
      const mark = of === undefined ? marks.get(meta) : "of"
      if (otherNames.has(node.lang ?? "")) throw new Error(`${file}:${line}: write \`ts\` instead of \`${node.lang}\``)
      if (node.lang !== "ts") return
      if (mark === undefined) throw new Error(`${file}:${line}: no such mark of a code block: ${node.meta}`)
      found.push({ file, line, mark, code: node.value, ...(of === undefined ? undefined : { of }) })
    } else if ("children" in node) {
      for (const child of node.children) visit(child)
    }
  }
  visit(fromMarkdown(markdown))
  return found
}
