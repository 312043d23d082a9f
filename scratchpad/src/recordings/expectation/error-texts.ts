import { type Json, stringAt } from "../json.ts"

/** What looks like a key may be taken out of an error; the words around it may not. */
const keys = /\S*\b(?:sk|pk|rk)-\S*|\bBearer\s+\S+/

/** The texts of an error object that its reader must find in the error. */
export const saidIn = (error: Json | undefined, members: ReadonlyArray<string>): ReadonlyArray<string> =>
  members
    .map((member) => stringAt(error, member) ?? "")
    .flatMap((text) => text.split(keys))
    .map((text) => text.trim())
    .filter((text) => text !== "")
