/**
 * Circles in "a needs b", each as the names along it; a name is part of at most one circle of the answer.
 *
 * So a tangle of many circles is told by one or a few of them, and an answer without circles means that there are none.
 * Needs of unknown names are ignored. Linear, and without recursion: a chain may be as long as the catalog.
 */
export function findCircles(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const inCircle = new Set<string>();
  const finished = new Set<string>();
  for (const start of needs.keys()) {
    walk(start, needs, finished, (circle) => {
      if (circle.some((name) => inCircle.has(name))) return;
      for (const name of circle) inCircle.add(name);
      circles.push(circle);
    });
  }
  return circles;
}

/** Depth-first from one name; `onPath` maps the names on the current path to their depth. */
function walk(
  start: string,
  needs: ReadonlyMap<string, readonly string[]>,
  finished: Set<string>,
  report: (circle: string[]) => void,
): void {
  const path: string[] = [];
  const onPath = new Map<string, number>();
  const open: Iterator<string>[] = [[start].values()];
  while (open.length > 0) {
    const next = open.at(-1)?.next();
    if (next === undefined || next.done === true) {
      open.pop();
      const left = path.pop();
      if (left === undefined) continue;
      onPath.delete(left);
      finished.add(left);
      continue;
    }
    const name = next.value;
    const depth = onPath.get(name);
    if (depth !== undefined) report(path.slice(depth));
    if (depth !== undefined || finished.has(name) || !needs.has(name)) continue;
    onPath.set(name, path.length);
    path.push(name);
    open.push((needs.get(name) ?? []).values());
  }
}
