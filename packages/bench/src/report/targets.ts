/** A ratio that this project holds itself to. */
export interface Target {
  readonly what: string
  readonly ratio: number
  readonly atMost: number
}

/** Whether the ratio is within the target. */
export const met = ({ atMost, ratio }: Target): boolean => ratio <= atMost
