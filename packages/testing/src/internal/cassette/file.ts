/** Where a cassette lies, and how it gets there without ever being half written. */
import { randomUUID } from "node:crypto"
import { mkdir, open, rename, rm } from "node:fs/promises"
import { dirname, isAbsolute, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

/** Absolute. */
export const pathOf = (cassette: string | URL): string =>
  resolve(cassette instanceof URL ? fileURLToPath(cassette) : cassette)

/** For messages: from the working directory where the file lies below it. */
export const shown = (path: string): string => {
  const below = relative(process.cwd(), path)
  return below.startsWith("..") || isAbsolute(below) ? path : below
}

/** Writes a file beside the old one and puts it in its place at the end. What fails leaves the old one as it was. */
export const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${randomUUID()}.tmp`
  try {
    const file = await open(beside, "wx")
    try {
      await file.writeFile(text)
      // A rename can reach the disk before what was written.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (thrown) {
    await rm(beside, { force: true })
    throw thrown
  }
}
