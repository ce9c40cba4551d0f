/** Parameters of a challenge, their names in lower case. */
export type ChallengeParams = Readonly<Record<string, string>>;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const SCHEME = new RegExp(`^(${TOKEN})(?:\\s+(?=\\S)|$)(?!\\s*=)`);
const PARAM = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}|[^\\s",]+))$`);
const ELEMENTS = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g;

/**
 * The Bearer challenge in a `WWW-Authenticate` header, which may hold several (RFC 9110 11.6.1);
 * null when there is none.
 */
export function bearerChallenge(header: string): ChallengeParams | null {
  let scheme: string | null = null;
  let params: Record<string, string> | null = null;
  for (const raw of header.match(ELEMENTS) ?? []) {
    const element = raw.trim();
    const opens = SCHEME.exec(element);
    if (opens !== null) scheme = opens[1]?.toLowerCase() ?? null;
    if (scheme !== "bearer") continue;
    params ??= {};
    const param = PARAM.exec(opens === null ? element : element.slice(opens[0].length));
    const [, name, quoted, plain] = param ?? [];
    if (name !== undefined) {
      params[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
    }
  }
  return params;
}
