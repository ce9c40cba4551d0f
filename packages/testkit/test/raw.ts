import net from "node:net";

/** Sends bytes over one connection and gives back all that came until `until` or the end. */
export function exchange(
  port: number,
  bytes: string,
  until: string | RegExp = /$^/,
): Promise<Exchanged> {
  const heardAll = (heard: string) =>
    typeof until === "string" ? heard.endsWith(until) : until.test(heard);
  return new Promise((resolve) => {
    let received = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    const done = (end: string) => {
      resolve({ received, end });
      socket.destroy();
    };
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (heardAll(received)) done("open");
    });
    socket.on("end", () => done("closed"));
    socket.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? "error"));
  });
}

export interface Exchanged {
  readonly received: string;
  /** `open`, `closed`, or the socket's error code. */
  readonly end: string;
}

/** A POST with a JSON body. */
export function post(message: object, headers: Readonly<Record<string, string>> = {}): string {
  const body = JSON.stringify(message);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${lines.join("")}\r\n${body}`;
}
