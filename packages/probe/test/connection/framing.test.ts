import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { listen } from "./servers.ts";
import { failureOf, opened } from "./support.ts";

const OK = "HTTP/1.1 200 OK\r\n";

/** Answers off the beaten track. What a client makes of them is the truth, whatever the RFC says. */
const ANSWERS: Readonly<Record<string, string>> = {
  "junk behind the body": `${OK}content-length: 2\r\n\r\nokjunk`,
  "an empty line behind the body": `${OK}content-length: 2\r\n\r\nok\r\n`,
  "a second answer": `${OK}content-length: 2\r\n\r\nok${OK}content-length: 2\r\n\r\nno`,
  "junk behind the last chunk": `${OK}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\njunk`,
  "an upgrade on offer": `${OK}upgrade: h2,h2c\r\nconnection: Upgrade\r\ncontent-length: 2\r\n\r\nok`,
  "HTTP/1.0": "HTTP/1.0 200 OK\r\n\r\nok",
  "HTTP/2 in letters": "HTTP/2 200\r\ncontent-length: 2\r\n\r\nok",
  "no reason phrase": "HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok",
  "no status": "HTTP/1.1 OK\r\ncontent-length: 2\r\n\r\nok",
  "two digits of status": "HTTP/1.1 20 OK\r\ncontent-length: 2\r\n\r\nok",
  "bare line feeds": "HTTP/1.1 200 OK\ncontent-length: 2\n\nok",
  "length and chunks": `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  "the same length twice": `${OK}content-length: 2\r\ncontent-length: 2\r\n\r\nok`,
  "two lengths": `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nok!`,
  "a negative length": `${OK}content-length: -2\r\n\r\nok`,
  "a huge length": `${OK}content-length: 99999999999999999999\r\n\r\nok`,
  "a chunk extension": `${OK}transfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n`,
  trailers: `${OK}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx: y\r\n\r\n`,
  "an unknown transfer coding": `${OK}transfer-encoding: br\r\n\r\nok`,
  "a header without a colon": `${OK}nonsense\r\ncontent-length: 2\r\n\r\nok`,
  "a body with 204": "HTTP/1.1 204 No\r\ncontent-length: 2\r\n\r\nok",
  "an empty gzip body": `${OK}content-encoding: gzip\r\ncontent-length: 0\r\n\r\n`,
  nothing: "",
};

/** Node's fetch takes these, its HTTP client does not; other clients are as divided. */
const REFUSED: Readonly<Record<string, string>> = {
  "a folded header": `${OK}x: a\r\n b\r\ncontent-length: 2\r\n\r\nok`,
  "a header without a name": `${OK}: a\r\ncontent-length: 2\r\n\r\nok`,
  "a space before the colon": `${OK}x : a\r\ncontent-length: 2\r\n\r\nok`,
};

async function outcome(fetching: Promise<Response>): Promise<unknown> {
  try {
    const response = await fetching;
    return { status: response.status, text: await response.text() };
  } catch {
    return "failed";
  }
}

describe("an odd answer reads as with Node's own fetch", () => {
  for (const [name, answer] of Object.entries(ANSWERS)) {
    test(name, async () => {
      const server = await listen((socket) =>
        socket.once("data", () => socket.end(answer, "latin1")),
      );
      const expected = await outcome(fetch(server.url));
      const connection = await opened(server.url);
      expect(await outcome(connection.fetch(server.url))).toEqual(expected);
    });
  }
});

describe("an odd answer is refused", () => {
  for (const [name, answer] of Object.entries(REFUSED)) {
    test(name, async () => {
      const server = await listen((socket) => socket.once("data", () => socket.end(answer)));
      const { fetch } = await opened(server.url);
      const code = expect.stringMatching(/^HPE_/);
      expect(await failureOf(fetch(server.url))).toEqual({ phase: "body", code });
    });
  }
});

describe("no byte in an answer's head harms the reader", () => {
  const PLACES: readonly {
    readonly name: string;
    readonly answerWith: (byte: string) => string;
    /** Taken by Node's fetch alone. */
    readonly refused: readonly number[];
  }[] = [
    {
      name: "in a header's name",
      answerWith: (byte) => `${OK}x${byte}y: z\r\ncontent-length: 2\r\n\r\nok`,
      refused: [0x20],
    },
    {
      name: "in a header's value",
      answerWith: (byte) => `${OK}x: y${byte}z\r\ncontent-length: 2\r\n\r\nok`,
      refused: [],
    },
    {
      name: "in the reason phrase",
      answerWith: (byte) => `HTTP/1.1 200 O${byte}K\r\ncontent-length: 2\r\n\r\nok`,
      refused: [0x0d],
    },
  ];
  for (const { name, answerWith, refused } of PLACES) {
    test(name, async () => {
      let answer = "";
      const server = await listen((socket) =>
        socket.once("data", () => socket.end(answer, "latin1")),
      );
      const differences: number[] = [];
      for (let byte = 0; byte < 256; byte++) {
        answer = answerWith(String.fromCharCode(byte));
        const expected = await outcome(fetch(server.url));
        const found = await outcome((await opened(server.url)).fetch(server.url));
        if (!isDeepStrictEqual(found, expected)) differences.push(byte);
      }
      expect(differences).toEqual(refused);
    });
  }
});
