import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A function that SST was asked to build. */
export interface Build {
  readonly functionID: string;
  readonly handler: string;
  readonly bundle?: string;
  readonly copyFiles: readonly { readonly from: string; readonly to: string }[];
}

export interface SstServer {
  readonly url: string;
  readonly builds: readonly Build[];
  /** Requests so far. */
  readonly progress: () => number;
  close(): Promise<void>;
}

/** What the components ask of the sst binary: a region's bootstrap, and built functions. */
export async function startSstServer(artifacts: string): Promise<SstServer> {
  const builds: Build[] = [];
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    const { method, params } = JSON.parse(await bodyOf(request));
    const result = answer(method, params[0]);
    response.end(JSON.stringify({ id: 1, result, error: null }));
  });
  const answer = (method: string, params: Build & { readonly region: string }): unknown => {
    if (method === "Provider.Aws.Bootstrap") return bootstrap(params.region);
    if (method !== "Runtime.Build") return true;
    builds.push(params);
    return build(params, artifacts);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    builds,
    progress: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

const bootstrap = (region: string) => ({
  version: 5,
  asset: `sst-asset-${region}`,
  state: `sst-state-${region}`,
  assetEcrRegistryId: "1",
  assetEcrUrl: "x",
});

function build({ functionID, handler, bundle }: Build, artifacts: string) {
  if (bundle !== undefined) return { out: bundle, handler, errors: [], sourcemaps: [] };
  const out = join(artifacts, functionID);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "bundle.mjs"), "");
  return { out, handler: "bundle.handler", errors: [], sourcemaps: [] };
}
