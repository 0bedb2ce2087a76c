import { sleep } from "k6";

/** A request without a clear answer is sent again with the same ids, as a game server would. */
const RESENDS_MAX = 5;
const RESEND_PAUSE_SECONDS = 0.5;

/** Sends until it is settled, or often enough. Tells whether it was settled, and how often it was sent again. */
export function sendUntilSettled(
  send: () => boolean,
  countResend: () => void,
): { readonly isSettled: boolean; readonly resends: number } {
  for (let resends = 0; ; resends += 1) {
    const isSettled = send();
    if (isSettled || resends === RESENDS_MAX) return { isSettled, resends };
    countResend();
    sleep(RESEND_PAUSE_SECONDS);
  }
}
