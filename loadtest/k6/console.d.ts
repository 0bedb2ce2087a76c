/** k6 has a console; its types leave it out. */
declare const console: { error(line: string): void };
