import { createServer } from "node:net";

/** The only address that the local stack listens on. */
export const LOOPBACK = "127.0.0.1";

/** A TCP port that nobody listened on a moment ago; another process may still be faster. */
export async function findFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === null) throw new Error("The system gave no free port on 127.0.0.1.");
  return port;
}

/** Whether nobody listens on that port of the loopback address. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

/** What to say when the wanted port is taken: names it and the way out. */
export function portTakenMessage(port: number): string {
  const other = port === 65_535 ? port - 1 : port + 1;
  return (
    `Port ${port} on ${LOOPBACK} is taken by another process. ` +
    `Stop that process, or choose another port: PORT=${other} npm run dev`
  );
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => {
        resolve(address !== null && typeof address === "object" ? address.port : null);
      });
    });
  });
}
