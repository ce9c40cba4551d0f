import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";

/** Runs sst's program with Pulumi's own SDK; its exit code. */
export async function runProgram({ app, stage, config, main, address, isPreview }) {
  const folder = dirname(main);
  const args = [
    join(folder, "node_modules/@pulumi/pulumi/cmd/run"),
    ...["--monitor", address, "--engine", address],
    ...["--organization", "organization", "--project", app, "--stack", stage],
    ...["--root-directory", process.cwd(), "--pwd", folder, "--parallel", "16"],
    ...(isPreview ? ["--dry-run"] : []),
    main,
  ];
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: "[]",
  };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", 1, 2] });
  const [code] = await once(child, "exit");
  return code ?? 1;
}
