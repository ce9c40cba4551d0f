import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A service on loopback, reached by another address, that can be away for a while. */
export interface Switch {
  readonly url: string;
  /** While it is away, requests to it break; those under way when it goes break too. */
  away: boolean;
  close(): Promise<void>;
}

/** Hands bytes on without reading them, so that it costs a test of many requests little. */
export async function startSwitch(serviceUrl: string): Promise<Switch> {
  const { hostname, port } = new URL(serviceUrl);
  const open = new Set<Socket>();
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  let isAway = false;
  const front = createServer({ noDelay: true }, (socket) => {
    if (isAway) {
      socket.destroy();
      return;
    }
    const onward = connect({ host: hostname, port: Number(port), noDelay: true });
    open.add(socket);
    join(socket, onward);
    socket.once("close", () => open.delete(socket));
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    get away() {
      return isAway;
    },
    set away(goes) {
      isAway = goes;
      if (goes) breakAll();
    },
    async close() {
      breakAll();
      front.close();
      await once(front, "close");
    },
  };
}

/** Of two sockets, what one says the other hears, and neither outlives the other. */
function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => to.destroy());
  }
}
