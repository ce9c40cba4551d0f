import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A request that an AWS SDK client sent. */
export interface AwsCall {
  /** `PutMetricData`; of SNS its `Action`; of Lambda's REST API, `METHOD path`. */
  readonly operation: string;
  /** Of the signature's scope. */
  readonly region: string;
  readonly service: string;
  readonly headers: IncomingMessage["headers"];
  /** The JSON body, decompressed, or a form's fields; null when there is none. */
  readonly body: unknown;
  /** As sent, before decompression. */
  readonly bytes: number;
}

export type AwsAnswer =
  | { readonly kind: "json"; readonly status: number; readonly body: unknown }
  /** What SNS answers, errors too. */
  | { readonly kind: "xml"; readonly status: number; readonly body: string }
  /** An AWS error, e.g. `ThrottlingException`. */
  | { readonly kind: "error"; readonly status: number; readonly type: string }
  /** Never answers. */
  | { readonly kind: "silence" }
  /** Breaks the connection. */
  | { readonly kind: "reset" };

export interface AwsEndpoint {
  readonly url: string;
  readonly calls: readonly AwsCall[];
  close(): Promise<void>;
}

export const awsOk = (body: unknown = {}): AwsAnswer => ({ kind: "json", status: 200, body });
export const awsError = (status: number, type: string): AwsAnswer => ({
  kind: "error",
  status,
  type,
});

export function snsOk(action: string, result = ""): AwsAnswer {
  const body = `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;
  return { kind: "xml", status: 200, body };
}

export function snsError(status: number, code: string): AwsAnswer {
  const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>said the endpoint</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return { kind: "xml", status, body };
}

/** An AWS endpoint on loopback: the real clients talk to it, and `answer` says what it says. */
export async function startAwsEndpoint(
  answer: (call: AwsCall, nth: number) => AwsAnswer | Promise<AwsAnswer>,
): Promise<AwsEndpoint> {
  const calls: AwsCall[] = [];
  const server = createServer(async (request, response) => {
    const call = await readCall(request);
    calls.push(call);
    send(response, await answer(call, calls.length - 1));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readCall(request: IncomingMessage): Promise<AwsCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const { headers, method, url } = request;
  const plain = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  const target = headers["x-amz-target"];
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const fields = isForm ? Object.fromEntries(new URLSearchParams(plain.toString("utf8"))) : null;
  const operation =
    typeof target === "string"
      ? (target.split(".").at(-1) ?? "")
      : (fields?.["Action"] ?? `${method} ${url}`);
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "");
  return {
    operation,
    region: scope?.[1] ?? "",
    service: scope?.[2] ?? "",
    headers,
    body: fields ?? (plain.length === 0 ? null : JSON.parse(plain.toString("utf8"))),
    bytes: sent.length,
  };
}

function send(response: ServerResponse, answer: AwsAnswer): void {
  switch (answer.kind) {
    case "silence":
      return;
    case "reset":
      response.destroy();
      return;
    case "json":
      response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer.body));
      return;
    case "xml":
      response.writeHead(answer.status, { "content-type": "text/xml" });
      response.end(answer.body);
      return;
    case "error":
      response.writeHead(answer.status, {
        "content-type": "application/x-amz-json-1.0",
        "x-amzn-errortype": answer.type,
      });
      response.end(JSON.stringify({ __type: answer.type, message: "said the endpoint" }));
      return;
    default:
      answer satisfies never;
  }
}
