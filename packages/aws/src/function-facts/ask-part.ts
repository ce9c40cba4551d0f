import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { Reading, Unread } from "@vigil/core";
import { awsErrorCode } from "../aws-clients.ts";

interface Question<T> {
  /** As IAM calls it. */
  readonly permission: string;
  readonly send: (
    client: LambdaClient,
    options: { readonly abortSignal: AbortSignal },
  ) => Promise<T>;
  /** What it means when there is none; otherwise that is why the part is unread. */
  readonly absent?: T;
}

/** Asks for one part; never rejects. */
export type AskPart = <T>(question: Question<T>) => Promise<Reading<T>>;

interface Asking {
  readonly ask: AskPart;
  readonly error: () => Error | null;
}

export function createAskPart(client: LambdaClient, signal?: AbortSignal): Asking {
  let first: Error | null = null;
  // A signal for each call: the SDK hangs so many listeners on one that Node warns of a leak.
  const underWay = new Set<AbortController>();
  signal?.addEventListener("abort", () => {
    for (const call of underWay) call.abort();
  });
  return {
    error: () => first,
    async ask({ permission, send, absent }) {
      const call = new AbortController();
      underWay.add(call);
      if (signal?.aborted === true) call.abort();
      try {
        const sent = send(client, { abortSignal: call.signal });
        return { kind: "read", value: await untilAborted(sent, call.signal) };
      } catch (error) {
        const why = whyOf(awsErrorCode(error), permission);
        if (why.code === "absent" && absent !== undefined) return { kind: "read", value: absent };
        if (why.code === "unreachable" && error instanceof Error) first ??= error;
        return { kind: "unread", why };
      } finally {
        underWay.delete(call);
      }
    },
  };
}

/** Errors by the names that AWS gives them. */
const KNOWN: Readonly<Record<string, "denied" | "absent" | "throttled">> = {
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  ForbiddenException: "denied",
  NotFoundException: "absent",
  ResourceNotFoundException: "absent",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
};

function whyOf(name: string, permission: string): Unread {
  const code = KNOWN[name];
  if (code === undefined) return { code: "unreachable", reason: name };
  return code === "denied" ? { code, permission } : { code };
}

/** Not every call heeds the signal by itself. */
function untilAborted<T>(sent: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => reject(Object.assign(new Error("given up"), { name: "TimeoutError" }));
    if (signal.aborted) give();
    signal.addEventListener("abort", give);
    sent.then(resolve, reject);
  });
}
