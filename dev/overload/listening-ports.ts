import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** State LISTEN in /proc/net/tcp. */
const LISTEN = "0A";

/** The TCP ports on which a process listens; none where there is no /proc, and for a process that is gone. */
export function listeningPorts(pid: number): number[] {
  try {
    const sockets = new Set(
      readdirSync(`/proc/${pid}/fd`).map((descriptor) => socketOf(pid, descriptor)),
    );
    const lines = readFileSync(`/proc/${pid}/net/tcp`, "utf8").trim().split("\n").slice(1);
    return lines.flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [local, state, inode] = [fields.at(1) ?? "", fields.at(3), fields.at(9)];
      const isOwn = state === LISTEN && sockets.has(`socket:[${inode}]`);
      return isOwn ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
    });
  } catch {
    return [];
  }
}

/** Null for a descriptor that was closed meanwhile. */
function socketOf(pid: number, descriptor: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return null;
  }
}
