import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// Players from initialise over browsing, selecting and playing to the claim.
const load = loadOf(SCENARIOS.sessions);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
