/** The marks around a table that is made: HTML comments, which nobody sees. */
const TABLE = /<!-- cost:([a-z-]+) -->\n[^]*?<!-- end -->/g;

/** A page with its marked tables made anew. Throws for a mark that names none. */
export function withTables(page: string, tables: Readonly<Record<string, () => string>>): string {
  return page.replaceAll(TABLE, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`There is no table "${name}".`);
    return `<!-- cost:${name} -->\n\n${table()}\n\n<!-- end -->`;
  });
}

/** The names of the tables that a page has marks for. */
export function tablesIn(page: string): string[] {
  return [...page.matchAll(TABLE)].map(([, name]) => name ?? "");
}
