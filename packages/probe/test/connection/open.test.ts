import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectTimings } from "@vigil/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeCertificate } from "./certificate.ts";
import { runChild } from "./child.ts";
import { listen, listenWithFullBacklog, reset } from "./servers.ts";
import { AMPLE_MS, connectionTo, manualClock, turns } from "./support.ts";

const UNREACHED: ConnectTimings = {
  dnsMs: null,
  tcpMs: null,
  tlsMs: null,
  address: null,
  certificateExpiresAt: null,
};
const LOOPBACK = { address: "127.0.0.1", family: 4 };
const onLoopback = async () => [LOOPBACK];

const certificate = makeCertificate();
const ca = certificate.cert;

describe("open", () => {
  test("needs no DNS for an address, and no TLS for http", async () => {
    const { url } = await listen(() => {});
    const clock = manualClock();
    expect(await connectionTo(url, { clock }).open(AMPLE_MS)).toEqual({
      kind: "open",
      timings: { ...UNREACHED, tcpMs: 0, address: "127.0.0.1" },
    });
  });

  test("takes an IPv6 address out of its brackets", async () => {
    const url = new URL("http://[::1]:9/");
    const result = await connectionTo(url).open(AMPLE_MS);
    // Refused, or no IPv6 on this machine: either way no name was looked up.
    expect(result).toMatchObject({ kind: "failed", error: { phase: "tcp" }, timings: UNREACHED });
  });

  test("times DNS, TCP and TLS apart, and reads the certificate's end", async () => {
    const clock = manualClock();
    const { url } = await listen(() => {}, {
      certificate,
      tls: {
        ALPNCallback: ({ servername, protocols }) => {
          expect({ servername, protocols }).toEqual({
            servername: "localhost",
            protocols: ["http/1.1"],
          });
          clock.advance(900);
          return "http/1.1";
        },
      },
    });
    const lookup = async (hostname: string) => {
      expect(hostname).toBe("localhost");
      clock.advance(70);
      // Runs when connect() has been called and before the loop can see its answer.
      process.nextTick(() => clock.advance(8));
      return [LOOPBACK];
    };
    expect(await connectionTo(url, { clock, lookup, ca }).open(AMPLE_MS)).toEqual({
      kind: "open",
      timings: {
        dnsMs: 70,
        tcpMs: 8,
        tlsMs: 900,
        address: "127.0.0.1",
        certificateExpiresAt: "2049-06-30T12:00:00.000Z",
      },
    });
  });

  test("uses Node's resolver and its roots, NODE_EXTRA_CA_CERTS among them, unless told otherwise", async () => {
    const { url } = await listen(() => {}, { certificate });
    const source = `
      import { openConnection } from "./connection.ts";
      import { systemClock } from "./clock.ts";
      const connection = openConnection(new URL(JSON.parse(process.argv[2])), { clock: systemClock });
      const { kind, error } = await connection.open(10_000);
      connection.destroy();
      console.log(JSON.stringify({ kind, error }));
    `;
    const folder = await mkdtemp(join(tmpdir(), "vigil-ca-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "ca.pem");
    await writeFile(file, ca);
    expect(await runChild(source, url, { NODE_EXTRA_CA_CERTS: file })).toEqual({ kind: "open" });
    expect(await runChild(source, url)).toEqual({
      kind: "failed",
      error: { phase: "tls", code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
  });

  test("waits for a slow address although the next one is refused", async () => {
    const slow = await listenWithFullBacklog();
    const lookup = async () => [LOOPBACK, { address: "::1", family: 6 }];
    const opening = connectionTo(new URL(`http://two.test:${slow.port}/`), { lookup }).open(
      AMPLE_MS,
    );
    await turns(2);
    // The first SYN was dropped by now; the second one comes after a second.
    slow.drain();
    expect(await opening).toMatchObject({ kind: "open", timings: { address: "127.0.0.1" } });
  });

  test("tries the next address when the first is refused", async () => {
    const { port } = await listen(() => {}, { certificate });
    const lookup = async () => [{ address: "::1", family: 6 }, LOOPBACK];
    const url = new URL(`https://localhost:${port}/`);
    const result = await connectionTo(url, { lookup, ca }).open(AMPLE_MS);
    expect(result).toMatchObject({ kind: "open", timings: { address: "127.0.0.1" } });
  });
});

describe("open fails by name", () => {
  const tlsCases: readonly {
    readonly name: string;
    readonly code: string;
    readonly trusted: boolean;
    readonly certificate: Parameters<typeof makeCertificate>[0];
  }[] = [
    {
      name: "a self-signed certificate",
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      trusted: false,
      certificate: {},
    },
    {
      name: "an expired certificate",
      code: "CERT_HAS_EXPIRED",
      trusted: true,
      certificate: { notAfter: "2021-01-01" },
    },
    {
      name: "a certificate from the future",
      code: "CERT_NOT_YET_VALID",
      trusted: true,
      certificate: { notBefore: "2048-01-01" },
    },
    {
      name: "another host's certificate",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
      trusted: true,
      certificate: { host: "other.test" },
    },
  ];
  for (const { name, code, trusted, certificate: options } of tlsCases) {
    test(`${name}: ${code}`, async () => {
      const own = makeCertificate(options);
      const { url } = await listen(() => {}, { certificate: own });
      const result = await connectionTo(url, {
        clock: manualClock(),
        lookup: onLoopback,
        ...(trusted && { ca: own.cert }),
      }).open(AMPLE_MS);
      expect(result).toEqual({
        kind: "failed",
        error: { phase: "tls", code },
        timings: { ...UNREACHED, dnsMs: 0, tcpMs: 0, address: "127.0.0.1" },
      });
    });
  }

  const handshakes: readonly {
    readonly name: string;
    readonly code: string;
    readonly onSocket: (socket: net.Socket) => void;
  }[] = [
    {
      name: "plain HTTP behind https",
      code: "ERR_SSL_WRONG_VERSION_NUMBER",
      onSocket: (socket) =>
        socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    },
    {
      name: "a reset during the handshake",
      code: "ECONNRESET",
      onSocket: (socket) => socket.once("data", () => reset(socket)),
    },
    {
      name: "a close during the handshake",
      code: "ECONNRESET",
      onSocket: (socket) => socket.once("data", () => socket.end()),
    },
  ];
  for (const { name, code, onSocket } of handshakes) {
    test(`${name}: ${code}`, async () => {
      const { port } = await listen(onSocket);
      const url = new URL(`https://localhost:${port}/`);
      const result = await connectionTo(url, { lookup: onLoopback }).open(AMPLE_MS);
      expect(result).toMatchObject({ kind: "failed", error: { phase: "tls", code } });
    });
  }

  test("a server without HTTP/1.1: its alert", async () => {
    const { url } = await listen(() => {}, { certificate, tls: { ALPNProtocols: ["h2"] } });
    const result = await connectionTo(url, { lookup: onLoopback, ca }).open(AMPLE_MS);
    const code = "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL";
    expect(result).toMatchObject({ kind: "failed", error: { phase: "tls", code } });
  });

  const lookups: readonly {
    readonly name: string;
    readonly code: string;
    readonly lookup: () => Promise<readonly (typeof LOOPBACK)[]>;
  }[] = [
    {
      name: "no such host",
      code: "ENOTFOUND",
      lookup: () => Promise.reject(Object.assign(new Error("lookup"), { code: "ENOTFOUND" })),
    },
    {
      name: "no resolver",
      code: "EAI_AGAIN",
      lookup: () => Promise.reject(Object.assign(new Error("lookup"), { code: "EAI_AGAIN" })),
    },
    { name: "a host without an address", code: "ENOTFOUND", lookup: async () => [] },
    { name: "an error without a code", code: "UNKNOWN", lookup: () => Promise.reject(new Error()) },
  ];
  for (const { name, code, lookup } of lookups) {
    test(`${name}: ${code}`, async () => {
      const clock = manualClock();
      const url = new URL("https://gone.test/");
      expect(await connectionTo(url, { clock, lookup }).open(AMPLE_MS)).toEqual({
        kind: "failed",
        error: { phase: "dns", code },
        timings: { ...UNREACHED, dnsMs: 0 },
      });
    });
  }

  const REFUSED = {
    "one address": [LOOPBACK],
    "several addresses": [{ address: "::1", family: 6 }, LOOPBACK, { ...LOOPBACK }],
  };
  for (const [name, addresses] of Object.entries(REFUSED)) {
    test(`a closed port at ${name}: ECONNREFUSED`, async () => {
      const server = await listen(() => {});
      await server.close();
      const url = new URL(`http://closed.test:${server.port}/`);
      const result = await connectionTo(url, { lookup: async () => addresses }).open(AMPLE_MS);
      expect(result).toMatchObject({
        kind: "failed",
        error: { phase: "tcp", code: "ECONNREFUSED" },
        timings: { tcpMs: null, address: null },
      });
    });
  }
});
