/** What nobody caught in this process, for as long as it is watched. */

export interface Watch {
  /** Waits so many milliseconds and some turns of the event loop, and gives what was not caught since it was last asked. */
  readonly seen: (millis: number) => Promise<ReadonlyArray<string>>
  readonly stop: () => void
}

export const watchUnhandled = (): Watch => {
  let caught: Array<string> = []
  const keep = (error: unknown): void => {
    caught.push(error instanceof Error ? error.stack ?? String(error) : String(error))
  }
  process.on("unhandledRejection", keep)
  process.on("uncaughtException", keep)
  return {
    seen: async (millis) => {
      if (millis > 0) await new Promise((resume) => setTimeout(resume, millis))
      for (let i = 0; i < 10; i++) await new Promise((resume) => setImmediate(resume))
      const seen = caught
      caught = []
      return seen
    },
    stop: () => {
      process.off("unhandledRejection", keep)
      process.off("uncaughtException", keep)
    }
  }
}
