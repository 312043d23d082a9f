import { fork } from "node:child_process"
import { once } from "node:events"
import type { Endpoint } from "../contenders/Contender.ts"
import type { Reads } from "../wire/Wire.ts"

/** A server on a loopback socket, in a process of its own so that it does not share this thread. */
export interface Loopback {
  readonly endpoint: (reads: Reads, count: number) => Endpoint
  readonly close: () => void
}

export const startLoopback = async (): Promise<Loopback> => {
  const child = fork(new URL("server.ts", import.meta.url))
  const [address]: Array<{ readonly port: number }> = await once(child, "message")
  if (address === undefined) throw new Error("the loopback server gave no address")
  return {
    endpoint: (reads, count) => ({
      baseUrl: `http://127.0.0.1:${address.port}/${reads}/${count}/v1`,
      fetch: globalThis.fetch
    }),
    close: () => {
      child.disconnect()
    }
  }
}
