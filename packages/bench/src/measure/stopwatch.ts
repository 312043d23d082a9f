/** How long something took, in milliseconds. */
export interface Times {
  /**
   * What the thread computed. The same as the time on the clock while nothing is waited for and the machine does
   * nothing else, and far steadier where it does. The system counts it in steps of about a millisecond.
   */
  readonly cpu: number
  readonly wall: number
}

/** Starts to measure; the function it gives reads the times so far. */
export const stopwatch = (): () => Times => {
  const cpuStart = process.threadCpuUsage()
  const wallStart = performance.now()
  return () => {
    const wall = performance.now() - wallStart
    const { system, user } = process.threadCpuUsage(cpuStart)
    return { cpu: (system + user) / 1000, wall }
  }
}
