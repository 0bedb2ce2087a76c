/** The instant at which every test starts: 24 November 2026, noon UTC. */
export const NOON = Date.UTC(2026, 10, 24, 12);
