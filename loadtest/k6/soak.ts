import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// The published mix for an hour.
const load = loadOf(SCENARIOS.soak);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
