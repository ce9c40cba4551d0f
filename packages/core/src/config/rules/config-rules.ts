import { isBroken, type SalvagedConfig } from "../salvage.ts";
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

/** A route that no page could ever take, or that every page would. */
const routesLead: ConfigRule = ({ paging, targets = [] }) => {
  const known = {
    tags: new Set(targets.flatMap((target) => target?.tags ?? [])),
    owner: new Set(targets.map((target) => target?.owner)),
  };
  return (paging?.routes ?? []).flatMap((route, index) => {
    if (route === undefined) return [];
    const path = ["paging", "routes", index];
    return [
      ...toSomeone(route, path),
      ...ofSomething(route, path),
      ...(["tags", "owner"] as const).flatMap((key) =>
        (route.when?.[key] ?? []).flatMap((word, n) =>
          word === undefined || known[key].has(word)
            ? []
            : [ofNobody(key, [...path, "when", key, n])],
        ),
      ),
    ];
  });
};

type Path = readonly PropertyKey[];
type Route = NonNullable<NonNullable<NonNullable<SalvagedConfig["paging"]>["routes"]>[number]>;

function toSomeone(route: Route, path: Path) {
  if (isBroken(route, "email") || isBroken(route, "https")) return [];
  if ((route.email ?? []).length + (route.https ?? []).length > 0) return [];
  const fix = 'Write to whom, for example email: ["orders@example.com"].';
  return [{ path, problem: "leads to nobody", fix }];
}

function ofSomething({ when }: Route, path: Path) {
  if (when === undefined) return [];
  const names = (["severity", "tags", "owner"] as const).some(
    (key) => isBroken(when, key) || (when[key] ?? []).length > 0,
  );
  if (names) return [];
  const problem = "names nothing, and so takes every page";
  const fix = "Name a severity, tags or an owner, or move the addresses to paging itself.";
  return [{ path: [...path, "when"], problem, fix }];
}

function ofNobody(key: "tags" | "owner", path: Path) {
  const problem = key === "tags" ? "is a tag that no target has" : "is an owner that no target has";
  return { path, problem, fix: "Write what a target has, or remove it." };
}

export const CONFIG_RULES: readonly ConfigRule[] = [uniqueVantages, uniqueNames, routesLead];
