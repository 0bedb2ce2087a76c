import { FailureError } from "../core/errors.ts";

/**
 * The body's bytes after gunzip, at most `maxBytes` of them.
 *
 * Checks the media type first, then the size: 415 before 413. Stops reading at the limit, so that neither a large body nor
 * a small one that unpacks into a large one is ever held in memory. A body that is not there is empty, whatever its type.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const announced = readLength(request.headers.get("Content-Length"));
  // The stream is asked for last: to make one that nobody reads is what costs most here.
  if (announced === 0 || (announced === null && request.body === null)) return new Uint8Array();
  checkMediaType(request.headers.get("Content-Type"));
  const isGzip = readEncoding(request.headers.get("Content-Encoding")) === "gzip";
  if (announced !== null && announced > maxBytes && !isGzip) throw tooLarge(maxBytes);
  if (!isGzip && announced !== null) return readWhole(request, maxBytes);
  if (request.body === null) return new Uint8Array();
  if (!isGzip) return collect(request.body, maxBytes);
  try {
    return await collect(request.body.pipeThrough(new DecompressionStream("gzip")), maxBytes);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const detail = "The body is not valid gzip, though Content-Encoding says so.";
    throw new FailureError({ code: "INVALID_JSON", detail }, { cause: error });
  }
}

function checkMediaType(contentType: string | null): void {
  const mediaType = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (mediaType === "application/json" || /^application\/[\w.-]+\+json$/.test(mediaType)) return;
  const found = contentType === null ? "no Content-Type" : `Content-Type ${mediaType}`;
  throw unsupported(`The body came with ${found}; send Content-Type: application/json.`);
}

function readEncoding(contentEncoding: string | null): "gzip" | "identity" {
  const encoding = (contentEncoding ?? "identity").trim().toLowerCase();
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  if (encoding === "identity" || encoding === "") return "identity";
  throw unsupported(`Content-Encoding ${encoding} is not supported; send gzip, or none.`);
}

/** Null when the length is not known beforehand, or the header makes no sense. */
function readLength(contentLength: string | null): number | null {
  return contentLength !== null && /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : null;
}

/** For a body whose length was announced and is small enough: in one go, which costs a fraction of reading it by chunks. */
async function readWhole(request: Request, maxBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  // HTTP ends a body where it was said to end; whatever a proxy makes of that, the limit holds.
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

async function collect(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream.
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(maxBytes: number): FailureError {
  const detail = `The body has more than ${maxBytes} bytes, counted after gunzip; send less at a time.`;
  return new FailureError({ code: "BODY_TOO_LARGE", detail });
}

function unsupported(detail: string): FailureError {
  return new FailureError({ code: "UNSUPPORTED_MEDIA_TYPE", detail });
}
