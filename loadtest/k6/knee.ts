import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// One step of the ladder: SEGMENT says which. The runner goes on until a step breaks.
const load = loadOf(SCENARIOS.knee);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
