import { type ConfigRule, repeated } from "./rule.ts";

const uniqueVantages: ConfigRule = ({ vantages = [] }) =>
  repeated(vantages).map(({ index, first }) => ({
    path: ["vantages", index],
    problem: `is the same as vantages[${first}]`,
    fix: "Remove one of them; a vantage probes once a minute.",
  }));

const uniqueNames: ConfigRule = ({ targets = [] }) =>
  repeated(targets.map((target) => target?.name)).map(({ index, first }) => ({
    path: ["targets", index, "name"],
    problem: `is the name of targets[${first}] too`,
    fix: "Give each target a name of its own: history, metrics and alarms are kept by it.",
  }));

export const CONFIG_RULES: readonly ConfigRule[] = [uniqueVantages, uniqueNames];
