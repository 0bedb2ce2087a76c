/** Milliseconds with three significant digits, as seconds from 10 s on; a dash for none. */
export function formatMs(milliseconds: number | null): string {
  if (milliseconds === null || Number.isNaN(milliseconds)) return "–";
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`;
  return `${milliseconds.toFixed(milliseconds >= 10 ? 1 : 2)} ms`;
}

/** A share as a percentage; never rounded up to 100. */
export function formatShare(share: number): string {
  if (Number.isNaN(share)) return "–";
  return `${(Math.floor(share * 1_000_000) / 10_000).toString()} %`;
}

/** An integer with thousands apart. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** Bytes as MiB. */
export function formatMebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}
