/** An answer whose body tells what the program reads of it. */
import { RecorderClosed } from "./session.ts"

/** What is told of the reading. */
export interface Notes {
  readonly read: (bytes: Uint8Array) => void
  readonly complete: () => void
  readonly fail: (thrown: unknown) => void
  readonly leave: () => void
  /** How to end those that are still read. */
  readonly open: Set<() => void>
}

/** The same answer. Nothing of its body is read before the program asks for it. */
export const tap = (response: Response, notes: Notes): Response => {
  if (response.body === null) {
    notes.complete()
    return response
  }
  const { headers, status, statusText, url } = response
  const copy = new Response(tapped(response.body, notes), { headers, status, statusText })
  return Object.defineProperty(copy, "url", { value: url })
}

const tapped = (body: ReadableStream<Uint8Array>, notes: Notes): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  let close = () => {}
  return new ReadableStream(
    {
      type: "bytes",
      start(controller) {
        close = () => {
          notes.open.delete(close)
          notes.leave()
          controller.error(new RecorderClosed())
          // Where this fails it is the connection that has, and nobody reads any more.
          reader.cancel().catch(() => undefined)
        }
        notes.open.add(close)
      },
      async pull(controller) {
        try {
          const bytes = await nextOf(reader)
          if (bytes !== undefined) {
            notes.read(bytes)
            // What is given to the stream is taken from whoever has it.
            return controller.enqueue(Uint8Array.from(bytes))
          }
          notes.open.delete(close)
          notes.complete()
          controller.close()
          controller.byobRequest?.respond(0)
        } catch (thrown) {
          notes.open.delete(close)
          notes.fail(thrown)
          throw thrown
        }
      },
      cancel(reason) {
        notes.open.delete(close)
        notes.leave()
        return reader.cancel(reason)
      }
    },
    { highWaterMark: 0 }
  )
}

/** The next bytes, or nothing at the end. A stream of bytes takes no empty part. */
const nextOf = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> => {
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return undefined
    if (value.length > 0) return value
  }
}
