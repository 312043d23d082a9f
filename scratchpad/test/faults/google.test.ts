import { google } from "../../src/faults/wires/google.ts"
import { checkFaults } from "./check.ts"

checkFaults(google)
