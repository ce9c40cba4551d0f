import type { RequestOptions } from "node:http";

export interface PreparedRequest {
  readonly options: RequestOptions;
  readonly body: string | Uint8Array | undefined;
}

/**
 * A fetch request as Node's HTTP client takes it, with the headers that Node's own fetch would add
 * and a server may act on. Throws a `TypeError` that quotes no header: one may hold a secret.
 */
export function prepareRequest(url: URL, init: RequestInit): PreparedRequest {
  const { body, contentType } = encodeBody(init.body);
  const headers: Record<string, string | number> = {
    host: url.host,
    accept: "*/*",
    "accept-encoding": url.protocol === "https:" ? "br, gzip, deflate" : "gzip, deflate",
    ...(contentType !== null && { "content-type": contentType }),
    ...headersOf(init.headers),
  };
  if (body !== undefined) headers["content-length"] = Buffer.byteLength(body);
  return {
    options: {
      // The pool's sockets bring TLS themselves.
      protocol: "http:",
      host: url.hostname,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method: (init.method ?? "GET").toUpperCase(),
      headers,
    },
    body,
  };
}

function headersOf(init: RequestInit["headers"]): Record<string, string> {
  try {
    return Object.fromEntries(init instanceof Headers ? init : new Headers(init));
  } catch {
    throw new TypeError("A request header is not valid");
  }
}

interface EncodedBody {
  readonly body: string | Uint8Array | undefined;
  readonly contentType: string | null;
}

function encodeBody(body: RequestInit["body"]): EncodedBody {
  if (body === undefined || body === null) return { body: undefined, contentType: null };
  if (typeof body === "string") return { body, contentType: "text/plain;charset=UTF-8" };
  if (body instanceof Uint8Array) return { body, contentType: null };
  if (body instanceof URLSearchParams) {
    const contentType = "application/x-www-form-urlencoded;charset=UTF-8";
    return { body: body.toString(), contentType };
  }
  throw new TypeError("A request body must be a string, bytes or URLSearchParams");
}
