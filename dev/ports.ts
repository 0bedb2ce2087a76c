import { createServer } from "node:net";

/** The only address that the local stack listens on. */
export const LOOPBACK = "127.0.0.1";

/**
 * Where free ports are looked for: below the ranges from which Linux (32768) and macOS (49152) take the near end of every
 * outgoing connection. A port of those ranges is free in one moment and in use in the next, though nobody listens on it.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_767;
/** Processes that look at the same time, such as test workers, start this far apart. */
const PORTS_PER_PROCESS = 101;
const TRIES_MAX = 1_000;

let taken = 0;

/** A TCP port that nobody listened on a moment ago, never the same one twice in a process. */
export async function findFreePort(): Promise<number> {
  const ports = LAST_PORT - FIRST_PORT + 1;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = FIRST_PORT + ((process.pid * PORTS_PER_PROCESS + taken) % ports);
    taken += 1;
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port on ${LOOPBACK} among ${TRIES_MAX} from ${FIRST_PORT} on.`);
}

/** Whether nobody listens on that port of the loopback address. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      server.close(() => resolve(true));
    });
  });
}

/** What to say when the wanted port is taken: names it and the way out. */
export function portTakenMessage(port: number): string {
  const other = port === 65_535 ? port - 1 : port + 1;
  return (
    `Port ${port} on ${LOOPBACK} is taken by another process. ` +
    `Stop that process, or choose another port: PORT=${other} npm run dev`
  );
}
