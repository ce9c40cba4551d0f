import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createHistory, ensureTable } from "@vigil/aws";
import { type OpenDatabase, openEmbedded } from "@vigil/aws/embedded";
import { createFakeClock } from "@vigil/testkit";
import { afterAll, beforeAll, vi } from "vitest";
import { keepPasts, NOW, type Past } from "./history-folder.ts";

export interface DeployedTable {
  readonly client: () => DynamoDBClient;
  /** Where DynamoDB answers. */
  readonly url: () => string;
  /** Nothing of this machine's own account; requests go to `endpoint`, or else to this table's. */
  stubAccount(endpoint?: string): Promise<void>;
}

/** A deployment's table for all tests of a file, served over HTTP; each past is a shard of its own. */
export function useDeployedTable(tableName: string, shards: readonly Past[]): DeployedTable {
  const dir = mkdtempSync(join(tmpdir(), "vigil-deployed-"));
  let cloud: OpenDatabase;
  let url: string;
  beforeAll(async () => {
    const clock = createFakeClock(NOW);
    const opened = await openEmbedded({ dir, clock });
    if (opened.kind !== "open") throw new Error(opened.kind);
    cloud = opened;
    const { client } = opened;
    await ensureTable(client, tableName);
    for (const [shard, past] of shards.entries()) {
      await keepPasts(createHistory({ client, tableName, clock, shard }), [past]);
    }
    const { protocol, hostname, port } = await (client.config.endpoint?.() ?? Promise.reject());
    url = `${protocol}//${hostname}:${port}`;
  });
  afterAll(async () => {
    await cloud.close();
    rmSync(dir, { recursive: true });
  });
  return {
    client: () => cloud.client,
    url: () => url,
    async stubAccount(endpoint = url) {
      const { accessKeyId } = await cloud.client.config.credentials();
      for (const [name, value] of Object.entries({
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: "/none",
        AWS_SHARED_CREDENTIALS_FILE: "/none",
      })) {
        vi.stubEnv(name, value);
      }
    },
  };
}
