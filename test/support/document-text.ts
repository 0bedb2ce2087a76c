/** The text of a document's bytes; throws where they are no UTF-8, and keeps a byte-order mark if there is one. */
export function documentText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
