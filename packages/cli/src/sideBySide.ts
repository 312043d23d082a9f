/** Answers beside each other, or one under the other where there is no room for it. */
import wrapAnsi from "wrap-ansi"
import * as Output from "./output.ts"
import * as Table from "./table.ts"

/** An answer and what is said about it. */
export interface Answer {
  readonly title: string
  readonly text: string
  readonly notes: ReadonlyArray<string>
}

/** Narrower columns are hard to read. */
const narrowest = 30

const rule = " │ "

/** Without a width, for files and pipes, one under the other, as Markdown. */
export const lines = (answers: ReadonlyArray<Answer>, width: number | undefined): ReadonlyArray<string> => {
  if (width === undefined || answers.length < 2) return answers.flatMap((answer, at) => alone(answer, at))
  const room = Math.floor((width - rule.length * (answers.length - 1)) / answers.length)
  if (room < narrowest) {
    return answers.flatMap((answer, at) => alone(answer, at)).flatMap((line) => wrapped(line, width))
  }
  const texts = answers.map(({ text }) => wrapped(text, room))
  const notes = answers.map((answer) => answer.notes.flatMap((note) => wrapped(note, room)))
  return [
    across(answers.map(({ title }) => [Table.cut(title, room)]), room),
    [answers.map(() => "─".repeat(room)).join("─┼─")],
    across(texts, room),
    across(notes.map((lines) => ["", ...lines]), room)
  ].flat()
}

const alone = ({ notes, text, title }: Answer, at: number): ReadonlyArray<string> => [
  ...at === 0 ? [] : [""],
  `## ${title}`,
  "",
  ...text === "" ? [] : [...text.split("\n"), ""],
  notes.join(" · ")
]

/** No wider than the room, whatever is in it. */
const wrapped = (text: string, room: number): ReadonlyArray<string> =>
  wrapAnsi(Output.printable(text).replaceAll("\t", "    "), room, { hard: true, trim: false }).split("\n")

/** The lines of each column beside those of the others. */
const across = (columns: ReadonlyArray<ReadonlyArray<string>>, room: number): ReadonlyArray<string> =>
  Array.from(
    { length: Math.max(...columns.map(({ length }) => length)) },
    (_, line) => columns.map((column) => Table.padded(column[line] ?? "", room)).join(rule).trimEnd()
  )
