import { event, json, stream } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { ASKING, spotsOf } from "../moments.ts";
import { strike } from "../stage.ts";
import { altered, struck, withMessage } from "./make.ts";

/** `{}` in one raw block. */
const ZSTD = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x11, 0x00, 0x00, 0x7b, 0x7d);

const MALFORMED: readonly Fault[] = [
  struck({ code: "malformed-json", title: "a body cut short, yet counted" }, ({ rpc }) =>
    json(`{"jsonrpc":"2.0","id":${JSON.stringify(rpc?.id)},"result":{"tools":[{"name":"loo`),
  ),
  struck({ code: "malformed-json", title: "log output before the answer" }, ({ rpc }) =>
    json(`INFO cold start\n{"jsonrpc":"2.0","id":${JSON.stringify(rpc?.id)},"result":{}}`),
  ),
  struck({ code: "malformed-json", title: "two answers in one body" }, ({ rpc }) => {
    const one = `{"jsonrpc":"2.0","id":${JSON.stringify(rpc?.id)},"result":{}}`;
    return json(`${one}${one}`);
  }),
  struck({ code: "malformed-json", title: "a coding that nobody asked for" }, () => ({
    ...json("", { headers: [["content-encoding", "zstd"]] }),
    chunks: [{ bytes: ZSTD }],
  })),
  struck({ code: "malformed-json", title: "an event that is not JSON" }, () =>
    stream([{ bytes: event("{'jsonrpc': '2.0'}") }]),
  ),
  struck({ code: "malformed-json", title: "a page under a JSON content type" }, () =>
    json("<html><body>Bad Gateway</body></html>"),
  ),
];

const NO_ANSWER: readonly Fault[] = [
  altered(
    { code: "invalid-jsonrpc", title: "another id" },
    withMessage((m) => ({ ...m, id: 4711 })),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "the id as text, or the text as a number" },
    withMessage((m) => ({ ...m, id: typeof m.id === "number" ? String(m.id) : 0 })),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "no id" },
    withMessage(({ id: _, ...m }) => m),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "JSON-RPC 1.0" },
    withMessage((m) => ({ ...m, jsonrpc: "1.0" })),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "a result and an error" },
    withMessage((m) => ({ ...m, error: { code: -32603, message: "both" } })),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "neither result nor error" },
    withMessage(({ result: _, ...m }) => m),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "a list for a result" },
    withMessage((m) => ({ ...m, result: [] })),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "an error whose code is text" },
    withMessage(({ result: _, ...m }) => ({ ...m, error: { code: "E_FAIL", message: "no" } })),
  ),
  altered(
    { code: "invalid-jsonrpc", title: "another id, streamed" },
    withMessage((m) => ({ ...m, id: 4711 })),
    { framing: "sse" },
  ),
  struck({ code: "invalid-jsonrpc", title: "a stream of notifications alone" }, () =>
    stream([{ bytes: event('{"jsonrpc":"2.0","method":"notifications/message","params":{}}') }]),
  ),
  {
    code: "invalid-jsonrpc",
    title: "a batch, which the modern era no longer has",
    spots: spotsOf(ASKING, ["modern"]),
    start: (spot) =>
      strike(spot, ({ rpc }) =>
        json(`[{"jsonrpc":"2.0","id":${JSON.stringify(rpc?.id)},"result":{}}]`),
      ),
  },
];

/** Bodies that are not JSON, or JSON that is no answer to the request. */
export const ENVELOPE_FAULTS: readonly Fault[] = [...MALFORMED, ...NO_ANSWER];
