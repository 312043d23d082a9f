import { assert, describe, it } from "@effect/vitest"
import stringWidth from "string-width"
import * as Table from "../src/table.ts"

interface Row {
  readonly name: string
  readonly price: string
  readonly note?: string
}

const columns: ReadonlyArray<Table.Column<Row>> = [
  { title: "name", cell: ({ name }) => name },
  { title: "price", cell: ({ price }) => price, align: "right", rank: 1 },
  { title: "note", cell: ({ note = "" }) => note, rank: 2 }
]

const rows: ReadonlyArray<Row> = [
  { name: "first", price: "3", note: "a note" },
  { name: "the second", price: "0.25" }
]

describe("lines", () => {
  it("fills columns, numbers at the right, and leaves no spaces at the end", () => {
    assert.deepStrictEqual(Table.lines(columns, rows), [
      "name        price  note",
      "first           3  a note",
      "the second   0.25"
    ])
  })

  it("leaves out columns by their rank where there is no room", () => {
    assert.deepStrictEqual(Table.lines(columns, rows, 24), [
      "name        price",
      "first           3",
      "the second   0.25"
    ])
    assert.deepStrictEqual(Table.lines(columns, rows, 16), ["name", "first", "the second"])
  })

  it("cuts what must stay, and breaks no line", () => {
    assert.deepStrictEqual(Table.lines(columns, rows, 6), ["name", "first", "the s…"])
    for (let width = 1; width < 40; width++) {
      for (const line of Table.lines(columns, rows, width)) assert.isAtMost(stringWidth(line), width)
    }
  })

  it("leaves out a column that is empty in all rows", () => {
    assert.deepStrictEqual(Table.lines(columns, [{ name: "one", price: "" }]), ["name", "one"])
  })

  it("counts what fills two columns of the terminal as two", () => {
    const wide = [{ name: "模型", price: "1" }, { name: "m", price: "20" }]
    assert.deepStrictEqual(Table.lines(columns, wide), ["name  price", "模型      1", "m        20"])
    assert.strictEqual(Table.cut("模型模型", 6), "模型…")
    assert.strictEqual(stringWidth(Table.cut("模型模型", 4)), 3)
  })

  it("has one line a row, whatever the cells hold", () => {
    assert.deepStrictEqual(Table.lines(columns, [{ name: "one\ntwo", price: "1" }]), [
      "name     price",
      "one two      1"
    ])
  })
})
