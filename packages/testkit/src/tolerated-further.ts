import type { Answer, Respond } from "./answer.ts";
import { type Spot, spotsOf } from "./moments.ts";
import { ALLOW_HEADERS, ALLOW_ORIGIN, EXPOSE_HEADERS, letPagesIn, replaceHeader } from "./pages.ts";
import { play, soundScript, soundStage } from "./stage.ts";
import { CORS } from "./target.ts";
import type { Tolerated } from "./tolerated.ts";

/** What servers may say to web pages. */
const PAGES: readonly (readonly [title: string, edit: (answer: Respond) => Answer])[] = [
  [
    "the page's own origin is allowed",
    (answer) => ({ ...answer, headers: replaceHeader(answer.headers, ALLOW_ORIGIN, CORS.origin) }),
  ],
  [
    "every header is allowed and exposed by *",
    (answer) => ({
      ...answer,
      headers: replaceHeader(
        replaceHeader(answer.headers, ALLOW_HEADERS, "*"),
        EXPOSE_HEADERS,
        "*",
      ),
    }),
  ],
  [
    "lists in two headers and in capitals",
    (answer) => ({
      ...answer,
      headers: replaceHeader(
        answer.headers,
        ALLOW_HEADERS,
        "CONTENT-TYPE, MCP-SESSION-ID",
        "MCP-PROTOCOL-VERSION,MCP-METHOD,MCP-NAME",
      ),
    }),
  ],
];

/** What is unusual and sound in the further steps. */
export const FURTHER: readonly Tolerated[] = [
  {
    title: "simultaneous clients where there are no sessions",
    spots: spotsOf(["clients"]),
    start: (spot) => soundStage(spot, { stateless: true }),
  },
  ...PAGES.map(([title, edit]) => ({
    title,
    spots: spotsOf(["page"]),
    start: (spot: Spot) => play(spot, letPagesIn(soundScript(spot.era), edit)),
  })),
  {
    title: "the session is exposed where it is given, and nowhere else",
    spots: spotsOf(["page"], ["legacy"]),
    start: (spot) =>
      play(
        spot,
        letPagesIn(soundScript(spot.era), (answer, { rpc }) =>
          rpc?.method === "initialize"
            ? answer
            : { ...answer, headers: replaceHeader(answer.headers, EXPOSE_HEADERS) },
        ),
      ),
  },
];
