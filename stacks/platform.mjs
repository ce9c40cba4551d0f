import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * SST's platform: its components, and the AWS provider's types. The stacks are checked and tested
 * against them, so `npm test` and `npm run types` fetch them from npm's registry, once.
 */
const root = join(import.meta.dirname, "..");
const folder = join(root, ".sst");
/** Written last, so that a half-made one is made anew. */
const ready = join(folder, "ready");
const WITHIN_MS = 600_000;

/** Which platform it has to be: another version of either makes it anew. */
function wanted() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const provider = /aws: \{ version: "([^"]+)" \}/.exec(
    readFileSync(join(root, "sst.config.ts"), "utf8"),
  );
  return `sst ${devDependencies.sst}, aws ${provider?.[1]}\n`;
}

function isReady() {
  return (
    existsSync(join(folder, "platform/node_modules/@pulumi/aws/package.json")) &&
    existsSync(ready) &&
    readFileSync(ready, "utf8") === wanted()
  );
}

/** Throws when it cannot be had. */
export function setup() {
  if (isReady()) return;
  process.stderr.write("stacks: fetching SST's platform (300 MB), once, which takes a minute\n");
  rmSync(ready, { force: true });
  const { status, error } = spawnSync(
    process.execPath,
    [join(root, "node_modules/sst/bin/sst.mjs"), "install", "--stage", "test"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
      timeout: WITHIN_MS,
      env: {
        ...process.env,
        // Only npm packages: no engine, no bun, which `sst deploy` fetches by itself.
        SST_SKIP_DEPENDENCY_CHECK: "1",
        SST_NO_BUN: "1",
        SST_TELEMETRY_DISABLED: "1",
        DO_NOT_TRACK: "1",
      },
    },
  );
  if (status !== 0) {
    const why = error === undefined ? `sst install ended with ${status}` : error.message;
    throw new Error(
      `SST's platform cannot be fetched (${why}). It takes npm's registry: check the network and \`npm config get registry\`, and try again; .sst/log/sst.log may say more.`,
    );
  }
  writeFileSync(ready, wanted());
}

if (process.argv[1] === import.meta.filename) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`stacks: ${error.message}\n`);
    process.exitCode = 1;
  }
}
