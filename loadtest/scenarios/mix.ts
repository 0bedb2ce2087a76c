import type { Stream } from "./scenario.ts";

/** The published run: 300 API requests and 500 events per second. */
const REQUESTS_PER_SECOND = 300;
const EVENTS_PER_SECOND = 500;

/** Shares of the API requests: 70 % GET challenges, half of them active_only; 10 % initialise; 15 % set active; 5 % claim. */
const SHARES = [
  ["challenges", 0.3],
  // A client that has the document asks with its ETag; one request in ten of either kind is of that sort.
  ["challenges-conditional", 0.05],
  ["challenges-active", 0.35],
  ["initialize", 0.1],
  ["set-active", 0.15],
  ["claim", 0.05],
] as const;

/** API requests at that rate, in the published shares. */
export function requestMix(perSecond: number): Stream[] {
  return SHARES.map(([action, share]) => ({ action, perSecond: perSecond * share }));
}

/** Events at that rate; `batch` of them per request. */
export function eventStream(eventsPerSecond: number, batch = 1): Stream {
  return { action: "events", perSecond: eventsPerSecond / batch, batch };
}

/** The published mix, times a factor, with one probe a second of what a player sees after an acknowledgement. */
export function publishedMix(factor: number, batch = 1): Stream[] {
  return [
    ...requestMix(REQUESTS_PER_SECOND * factor),
    eventStream(EVENTS_PER_SECOND * factor, batch),
    { action: "visibility", perSecond: 1 },
  ];
}
