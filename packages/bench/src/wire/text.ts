// Lengths and alphabets as in a model's output: short words, some punctuation, characters of two to four bytes.
const words =
  "The/ layer/ builds/ a/ service/,/ and/ the/ program/ asks/ for/ it/./ Não/ 模型/ \"quoted\"/\n/ naïve/ 🙂"
    .concat("/ streaming/ answers/ arrive/ word/ by/ word/;")
    .split("/")

/** `count` pieces of text, the same for the same count. */
export const textDeltas = (count: number): ReadonlyArray<string> =>
  // The index stays within the list, which is not empty.
  Array.from({ length: count }, (_, index) => words[(index * 7) % words.length] as string)

/** What OpenAI pads each streamed event with, so that its length says nothing about the text. */
export const padding = (index: number) => "xk3Jq9mTz0pLwY".slice(0, 4 + (index % 10))
