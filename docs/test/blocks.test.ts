import { afterAll, describe, it } from "@effect/vitest"
import { readBlocks } from "./blocks.ts"
import { check, write } from "./program.ts"

const blocks = readBlocks()
const program = write(blocks)

describe("code blocks", () => {
  afterAll(() => program.remove())

  it.each(blocks.map((block) => ({ ...block, name: `${block.file}:${block.line} (${block.mark})` })))(
    "$name",
    (block) => check(program, block),
    180_000
  )
})
