import { FailureError } from "../../core/errors.ts";

/** The token of `Authorization: Bearer …`; throws FailureError UNAUTHENTICATED that says what to send. */
export function bearerToken(request: Request, expected: string): string {
  const header = request.headers.get("Authorization");
  const token = header === null ? undefined : BEARER.exec(header)?.[1];
  if (token === undefined || token.length > TOKEN_LENGTH_MAX) {
    const detail = `This path needs ${expected}: send Authorization: Bearer <token>.`;
    throw new FailureError({ code: "UNAUTHENTICATED", detail });
  }
  return token;
}

/** The scheme is case-insensitive; the characters are RFC 6750's b64token. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;
/** Characters. AccelByte's tokens with all their permissions take about 2,500; this bounds what a stranger makes us hash. */
const TOKEN_LENGTH_MAX = 16_384;
