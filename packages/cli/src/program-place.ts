import { type Command, Option } from "commander";
import { DEFAULT_DATA } from "./flags.ts";

/** Where a question about the past is asked: a folder of this machine, or a deployment. */
export function withPlace(command: Command): Command {
  return command
    .addOption(
      new Option("--data <folder>", "where history is kept")
        .default(DEFAULT_DATA)
        .conflicts("stage"),
    )
    .option("--stage <name>", "ask this deployment instead, with your AWS credentials")
    .option("--region <region>", "home region of --stage (default: the config's first vantage)")
    .option("--config <path>", "config to take it from (default: vigil.config.ts)");
}
