/** Writes code blocks as modules, has them type-checked in one go, and runs one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { readText, root } from "../../test/source.ts"
import { type Diagnostic, typeCheck } from "../../test/tsc.ts"
import type { Block } from "./blocks.ts"

export interface Program {
  /** Type errors by block, with the line in the guide or the docstring. */
  readonly errors: (block: Block) => Promise<ReadonlyArray<string>>
  readonly run: (block: Block) => Promise<void>
  readonly remove: () => void
}

/** A module's lines have the numbers of the text it came from, so an error or a stack trace names the right line. */
const moduleText = (block: Block): string => `${"\n".repeat(block.line)}${block.code}\n`

/** The folder lies in `docs`, so that a block resolves packages as the guides do. */
export const write = (blocks: ReadonlyArray<Block>): Program => {
  mkdirSync(join(root, "docs", ".tmp"), { recursive: true })
  const dir = mkdtempSync(join(root, "docs", ".tmp", "blocks-"))
  const pathOf = (block: Block) => join(dir, `${block.file.replaceAll("/", "__")}.${block.line}.ts`)
  for (const block of blocks) if (block.of === undefined) writeFileSync(pathOf(block), moduleText(block))
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
  writeFileSync(
    join(dir, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", compilerOptions, include: ["*.ts"] })
  )
  let checked: Promise<ReadonlyArray<Diagnostic>> | undefined
  return {
    errors: async (block) => {
      checked ??= blocks.length === 0 ? Promise.resolve([]) : typeCheck(join(dir, "tsconfig.json"))
      return (await checked).filter((one) => one.file === pathOf(block) || one.file === "")
        .map((one) => `${block.file}:${one.line}: ${one.message}`)
    },
    run: async (block) => {
      const restore = withTemporary(dir)
      try {
        await import(/* @vite-ignore */ pathOf(block))
      } catch (cause) {
        throw new Error(`the block at ${block.file}:${block.line} failed: ${String(cause)}`, { cause })
      } finally {
        restore()
      }
    },
    remove: () => rmSync(dir, { recursive: true, force: true })
  }
}

/** Has `os.tmpdir` name this folder, so that what a block leaves there goes with it. Gives back how to undo that. */
const withTemporary = (dir: string): () => void => {
  const before = process.env["TMPDIR"]
  process.env["TMPDIR"] = dir
  return () => {
    if (before === undefined) delete process.env["TMPDIR"]
    else process.env["TMPDIR"] = before
  }
}

/** Whole lines of the file; the block may have lost their indentation. */
const isPartOf = (code: string, text: string): boolean => {
  const lines = `\n${text}`
  const indented = (by: number) => code.replaceAll(/^(?=.)/gm, " ".repeat(by))
  return Array.from({ length: 20 }, (_, by) => indented(by)).some((one) => lines.includes(`\n${one}\n`))
}

/** What the mark of the block promises. */
export const check = async (program: Program, block: Block): Promise<void> => {
  if (block.of !== undefined) {
    if (isPartOf(block.code, readText(block.of))) return
    throw new Error(`${block.file}:${block.line}: the block is no part of ${block.of} any more`)
  }
  const errors = await program.errors(block)
  if (block.mark === "expect-error") {
    if (errors.length === 0) throw new Error(`${block.file}:${block.line}: the block compiles and should not`)
    return
  }
  if (errors.length > 0) throw new Error(`type errors:\n${errors.join("\n")}`)
  if (block.mark === "run") await program.run(block)
}
