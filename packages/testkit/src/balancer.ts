import net from "node:net";
import { closeServer, listen } from "./server.ts";

export interface Balancer {
  readonly url: string;
  /** Connections taken so far. */
  readonly taken: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** Gives each new connection to the next of some servers in turn, where it stays. */
export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const ports = urls.map((url) => Number(new URL(url).port));
  const sockets = new Set<net.Socket>();
  let taken = 0;
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = net.createServer((near) => {
    const far = keep(net.connect(ports[taken % ports.length] ?? 0, "127.0.0.1"));
    taken += 1;
    keep(near).pipe(far).pipe(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    taken: () => taken,
    open: () => sockets.size,
    close: () => closeServer(server, sockets),
  };
}
