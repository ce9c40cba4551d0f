import { CONTENT, contentKind } from "@vigil/core";
import { createParser } from "eventsource-parser";
import type { StepInput } from "./open-leg.ts";
import { MAX_REDIRECTS } from "./recorder.ts";

type Body = ReadableStream<Uint8Array>;

/**
 * What a step does to open the stream of a GET: waits for its headers, and for its first event if
 * that is wanted, and closes it at once, since it would hold a Lambda running. `stop` ends a GET
 * that is still under way when the step is over.
 */
export function openStream(url: URL, wanted: "headers" | "first event") {
  const stopping = new AbortController();
  const act: StepInput["act"] = async (client) => {
    let at = url;
    for (let redirects = 0; ; redirects += 1) {
      const response = await client.get(at, stopping.signal);
      const next = redirects < MAX_REDIRECTS ? followed(response, at) : null;
      if (next === null) return readAsWanted(response, wanted);
      await response.body?.cancel();
      at = next;
    }
  };
  return { act, stop: () => stopping.abort() };
}

/** Where a redirect within the origin leads, for clients follow it; null for any other answer. */
function followed({ status, headers }: Response, from: URL): URL | null {
  const location = headers.get("location");
  if (
    (status !== 307 && status !== 308) ||
    location === null ||
    !URL.canParse(location, from.href)
  ) {
    return null;
  }
  const to = new URL(location, from);
  return to.origin === from.origin ? to : null;
}

async function readAsWanted(response: Response, wanted: "headers" | "first event"): Promise<void> {
  const { body } = response;
  if (body === null) return;
  const opened = response.status === 200 && isEventStream(response);
  if (!opened && wanted === "headers") await response.text();
  else if (opened && wanted === "first event") await untilFirstEvent(body);
  else await body.cancel();
}

function isEventStream({ headers }: Response): boolean {
  return contentKind(headers.get("content-type")) === CONTENT.sse;
}

async function untilFirstEvent(body: Body): Promise<void> {
  const decoder = new TextDecoder();
  let heard = false;
  const parser = createParser({
    onEvent: () => {
      heard = true;
    },
  });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    // Leaving the loop cancels the body.
    if (heard) return;
  }
}
