import { once } from "node:events";
import net from "node:net";
import { Worker } from "node:worker_threads";

export interface FullBacklog {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Linux queues one connection more than the backlog says. */
const BACKLOG = 1;
const QUEUED = BACKLOG + 1;

/**
 * Listens and never accepts: its thread sleeps. A real `accept` cannot be held back from
 * JavaScript, which is why it takes a thread of its own.
 */
const LISTENER = `
const net = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const server = net.createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: ${BACKLOG} }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(workerData), 0, 0));
});`;

/** A port of 127.0.0.1 whose queue of connections is full: the next one gets no answer at all. */
export async function startFullBacklog(): Promise<FullBacklog> {
  const asleep = new SharedArrayBuffer(4);
  const worker = new Worker(LISTENER, { eval: true, workerData: asleep });
  const [port] = (await once(worker, "message")) as [number];
  const fillers: net.Socket[] = [];
  for (let index = 0; index < QUEUED; index += 1) {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => {});
    fillers.push(socket);
    await once(socket, "connect");
  }
  return {
    port,
    async close() {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}
