import type { AllowFacts } from "@vigil/core";

type Plain = Readonly<Record<string, unknown>>;

/** What a resource policy allows, whoever wrote it. Throws on text that is no policy. */
export function allowsOf(policy: string): readonly AllowFacts[] {
  const { Statement: statements } = asPlain(JSON.parse(policy));
  return [statements ?? []].flat().flatMap((statement) => {
    const { Effect, Principal, Action, Condition } = asPlain(statement);
    if (Effect !== "Allow") return [];
    return [
      {
        principals:
          typeof Principal === "string" ? [Principal] : words(Object.values(asPlain(Principal))),
        actions: words([Action]),
        conditions: conditionsOf(asPlain(Condition)),
      },
    ];
  });
}

/** `{"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}`: keys know no case, operators are one to us. */
function conditionsOf(condition: Plain): AllowFacts["conditions"] {
  const asked = Object.values(condition).flatMap((operands) => Object.entries(asPlain(operands)));
  return Object.fromEntries(asked.map(([key, values]) => [key.toLowerCase(), words([values])]));
}

function words(values: readonly unknown[]): readonly string[] {
  return values.flat().filter((value) => typeof value === "string");
}

function asPlain(value: unknown): Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
