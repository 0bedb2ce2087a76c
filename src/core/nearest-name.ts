/**
 * The candidate that a misspelt name most likely meant, or null when none is close.
 *
 * Close: upper and lower case apart, at most one letter in three is wrong, missing, too much or swapped with its
 * neighbour, and never more than three. The first of equally close candidates wins.
 */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const wanted = name.toLowerCase();
  let nearest: string | null = null;
  let limit = Math.min(EDITS_MAX, Math.floor(wanted.length / 3));
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    const edits = countEdits(wanted, candidate.toLowerCase(), limit);
    if (edits > limit) continue;
    nearest = candidate;
    if (edits === 0) break;
    limit = edits - 1;
  }
  return nearest;
}

/** More than three edits are another word. Also bounds the work per candidate. */
const EDITS_MAX = 3;

/** Optimal string alignment distance, or some number above `limit` as soon as it is certain to exceed it. */
function countEdits(left: string, right: string, limit: number): number {
  const [a, b] = withoutCommonEnds(left, right);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current: number[] = [row];
    let least = row;
    // Further from the diagonal than the limit lies nothing within the limit.
    const end = Math.min(b.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= end; column += 1) {
      const edits = editsAt(a, b, row, column, [beforeLast, last, current]);
      current[column] = edits;
      least = Math.min(least, edits);
    }
    if (least > limit) return FAR;
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? FAR;
}

const FAR = Number.MAX_SAFE_INTEGER;

type Lines = readonly [readonly number[], readonly number[], readonly number[]];

function editsAt(a: string, b: string, row: number, column: number, lines: Lines): number {
  const [beforeLast, last, current] = lines;
  const isSame = a[row - 1] === b[column - 1];
  const replaced = (last[column - 1] ?? FAR) + (isSame ? 0 : 1);
  const deleted = (last[column] ?? FAR) + 1;
  const inserted = (current[column - 1] ?? FAR) + 1;
  const isSwap =
    row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  const swapped = isSwap ? (beforeLast[column - 2] ?? FAR) + 1 : FAR;
  return Math.min(replaced, deleted, inserted, swapped);
}

/** Ids of one catalog share long prefixes; what is equal at both ends needs no comparison. */
function withoutCommonEnds(left: string, right: string): [string, string] {
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return [left.slice(start, left.length - end), right.slice(start, right.length - end)];
}
