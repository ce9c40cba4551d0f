import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A service on loopback, reached by another address, that can be away for a while. */
export interface Switch {
  readonly url: string;
  /** While it is away, requests to it break. */
  away: boolean;
  close(): Promise<void>;
}

export async function startSwitch(serviceUrl: string): Promise<Switch> {
  const front = createServer((request, response) => {
    if (it.away) {
      request.destroy();
      return;
    }
    const { method, headers, url = "/" } = request;
    const onward = ask(new URL(url, serviceUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const it = {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    away: false,
    async close() {
      front.closeAllConnections();
      front.close();
      await once(front, "close");
    },
  };
  return it;
}
