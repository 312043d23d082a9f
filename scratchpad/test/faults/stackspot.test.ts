import { stackspot } from "../../src/faults/wires/stackspot.ts"
import { checkFaults } from "./check.ts"

checkFaults(stackspot)
