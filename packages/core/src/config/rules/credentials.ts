import type { Found } from "../advice.ts";
import { isBroken } from "../salvage.ts";
import { awsPlace } from "../urls.ts";
import type { TargetRule } from "./rule.ts";

/** Credentials that are sent in `Authorization`, and what is told to whoever sets it too. */
const OWNS_AUTHORIZATION: Readonly<Record<string, string>> = {
  bearer: "bearer(…) sets it already",
  sigv4: "sigv4() needs it for the signature",
  oauthClientCredentials: "oauthClientCredentials(…) sets it already",
};

const ONE_AUTHORIZATION =
  "Remove one of them; a server behind IAM has to take its own token in another header.";

/** `auth` and `headers` must not set the same header. */
export const oneHeaderOnce: TargetRule = ({ target: { auth, headers = {} } }) => {
  const owner = OWNS_AUTHORIZATION[auth?.type ?? ""];
  const inAuth = auth?.type === "headers" ? Object.keys(auth.headers ?? {}) : [];
  const taken = new Set(inAuth.map((name) => name.toLowerCase()));
  return Object.keys(headers).flatMap((name): readonly Found[] => {
    const path = ["headers", name];
    const lower = name.toLowerCase();
    if (lower === "authorization" && owner !== undefined) {
      return [{ path, problem: `clashes with auth: ${owner}`, fix: ONE_AUTHORIZATION }];
    }
    if (!taken.has(lower)) return [];
    return [{ path, problem: "is set in auth too", fix: "Keep one of them." }];
  });
};

/** Expectations of what only a client with credentials gets to see. */
const BEHIND_THE_DOOR = ["sentinels", "stream", "concurrency"] as const;
const OF_THE_INSIDE = ["tools", "minTools", "minProtocolVersion", "getStream"] as const;

/** Who expects to be refused has no credentials, and expects nothing of what lies behind. */
export const challengeIsForStrangers: TargetRule = ({ target }) => {
  const { auth, headers = {}, expect = {} } = target;
  if (expect.unauthenticated !== "challenge") return [];
  const path = ["expect", "unauthenticated"];
  const hasAuth = auth !== undefined && auth.type !== "none";
  const secret = Object.entries(headers).find(([, value]) => typeof value === "object")?.[0];
  if (hasAuth || secret !== undefined) {
    const where = hasAuth ? "auth" : `headers: ${secret}`;
    const problem = `expects to be refused for want of credentials, and the target has some (${where})`;
    return [{ path, problem, fix: CHALLENGE_FIX }];
  }
  const beyond = [
    ...BEHIND_THE_DOOR.filter((key) => target[key] !== undefined),
    ...OF_THE_INSIDE.filter((key) => expect[key] !== undefined).map((key) => `expect.${key}`),
  ];
  if (beyond.length === 0) return [];
  const problem = `expects to be refused, and so never comes to ${beyond.join(", ")}`;
  return [{ path, problem, fix: CHALLENGE_FIX }];
};

const CHALLENGE_FIX =
  "Remove expect.unauthenticated here; the refusal can be watched beside it, by a second target of the same url that has neither credentials nor other expectations.";

/** A signature names a service and a region; custom domains tell neither. */
export const signatureHasScope: TargetRule = ({ target }) => {
  const { auth, url } = target;
  if (auth?.type !== "sigv4" || url === undefined || awsPlace(url) !== null) return [];
  const noService = auth.service === undefined && !isBroken(auth, "service");
  const brokenRegion = isBroken(auth, "region") || isBroken(target, "region");
  const noRegion = auth.region === undefined && target.region === undefined && !brokenRegion;
  const lacks = [...(noService ? ["service"] : []), ...(noRegion ? ["region"] : [])];
  if (lacks.length === 0) return [];
  return [
    {
      path: ["auth"],
      problem: `sigv4() lacks the ${lacks.join(" and the ")}: the URL does not tell`,
      fix: 'Write sigv4({ service: "lambda", region: "us-east-1" }), or service: "execute-api" for API Gateway.',
    },
  ];
};
