/**
 * Sets the headers that every answer carries, whatever became of the request.
 *
 * HSTS without includeSubDomains: the API speaks for its own host only, and on that host never over http (a browser ignores the
 * header there, so it does no harm on a laptop). `no-store` unless the answer has said otherwise.
 */
export function setSecurityHeaders(headers: Headers): void {
  for (const [name, value] of SECURITY_HEADERS) headers.set(name, value);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
}

const SECURITY_HEADERS = [
  ["X-Content-Type-Options", "nosniff"],
  // An answer that a browser is talked into showing as a page does nothing, and is in no frame.
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  // Paths hold ids of users.
  ["Referrer-Policy", "no-referrer"],
  ["Strict-Transport-Security", "max-age=31536000"],
] as const;
