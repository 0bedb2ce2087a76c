import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";

import type { PlaceOf } from "./self-time.ts";

/** Finds the source of a place in the minified bundle by the bundle's source map. */
export function placeInSource(sourceMapFile: string): PlaceOf {
  const map = new SourceMap(JSON.parse(readFileSync(sourceMapFile, "utf8")));
  return ({ url, lineNumber, columnNumber }) => {
    if (!url.endsWith("worker.js")) return url === "" ? null : url;
    const entry = map.findEntry(lineNumber, columnNumber);
    if (!("originalSource" in entry)) return null;
    const source = entry.originalSource
      .replace(/^.*node_modules\//, "")
      .replace(/^.*\/(src|dev)\//, "$1/");
    return `${source}:${entry.originalLine + 1}`;
  };
}
