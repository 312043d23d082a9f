import { anthropic } from "../../src/faults/wires/anthropic.ts"
import { checkFaults } from "./check.ts"

checkFaults(anthropic)
