import { isIP } from "node:net";

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * Whether a request's `Host` names this server. A hostile page can have its own name resolved to
 * this machine and then read what is here, but it cannot make the browser send another name.
 */
export function isAllowedHost(header: string | undefined, listening: string): boolean {
  const name = hostName(header ?? "");
  if (name === null) {
    return false;
  }
  if (isLoopback(name) || name === listening.toLowerCase()) {
    return true;
  }
  // Told to listen beyond this machine: an address is no name that somebody could have resolved.
  return !isLoopback(listening) && isIP(name) !== 0;
}

/** Without port and brackets. */
function hostName(header: string): string | null {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d+)?$/iu.exec(header) ?? [];
  return (bracketed ?? plain)?.toLowerCase() ?? null;
}
