import parse from "jsonpath-rfc9535/parser";

type Query = ReturnType<typeof parse>;
type Segment = Query["segments"][number];
type Selector = Extract<Segment["node"], { type: "BracketedSelection" }>["selectors"][number];
type Condition = Extract<Selector, { type: "FilterSelector" }>["value"];
type Test = Extract<Condition, { type: "TestExpr" }>["expression"];
type Call = Extract<Test, { type: "FunctionExpr" }>;
type Argument = Call["arguments"][number];
type Comparable = Extract<Condition, { type: "ComparisonExpr" }>["left"];

/** What a function takes and gives (RFC 9535, 2.4): a value, the nodes of a query, or a condition. */
type Type = "value" | "nodes" | "logical";

const FUNCTIONS: Readonly<Record<string, { takes: readonly Type[]; gives: Type }>> = {
  length: { takes: ["value"], gives: "value" },
  count: { takes: ["nodes"], gives: "value" },
  value: { takes: ["nodes"], gives: "value" },
  match: { takes: ["value", "value"], gives: "logical" },
  search: { takes: ["value", "value"], gives: "logical" },
};

/**
 * Whether a JSONPath query is well-formed and valid. The parser checks the grammar alone; a query
 * that misuses a function would never match, and so read as an outage.
 */
export function isJsonPath(path: string): boolean {
  let query: Query;
  try {
    query = parse(path);
  } catch {
    return false;
  }
  return query.segments.every(validSegment);
}

/** Whether a valid query selects one node at most, whatever the document. */
export function isSingularPath(path: string): boolean {
  return parse(path).segments.every(isSingular);
}

function validSegment({ node }: Segment): boolean {
  return node.type !== "BracketedSelection" || node.selectors.every(validSelector);
}

function validSelector(selector: Selector): boolean {
  switch (selector.type) {
    case "NameSelector":
    case "WildcardSelector":
      return true;
    case "IndexSelector":
      return Number.isSafeInteger(selector.value);
    case "SliceSelector":
      return [selector.start, selector.end, selector.step].every(
        (bound) => bound === null || Number.isSafeInteger(bound),
      );
    case "FilterSelector":
      return validCondition(selector.value);
    default:
      return selector satisfies never;
  }
}

function validCondition(condition: Condition): boolean {
  switch (condition.type) {
    case "LogicalOrExpr":
    case "LogicalAndExpr":
      return validCondition(condition.left) && validCondition(condition.right);
    case "LogicalNotExpr":
      return validCondition(condition.expression);
    case "ComparisonExpr":
      return validComparable(condition.left) && validComparable(condition.right);
    case "TestExpr":
      return validTest(condition.expression);
    default:
      return condition satisfies never;
  }
}

function validTest(test: Test): boolean {
  return test.type === "FunctionExpr"
    ? validCall(test, "logical")
    : test.value.segments.every(validSegment);
}

function validComparable(side: Comparable): boolean {
  if (side.type === "FunctionExpr") return validCall(side, "value");
  if (side.type === "Literal") return true;
  return side.segments.every(
    ({ node }) => node.type !== "IndexSelector" || Number.isSafeInteger(node.value),
  );
}

function validCall(call: Call, wanted: Type): boolean {
  const known = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined;
  if (known === undefined || known.gives !== wanted) return false;
  const { takes } = known;
  return (
    call.arguments.length === takes.length &&
    call.arguments.every((argument, index) => validArgument(argument, takes[index] ?? "value"))
  );
}

function validArgument(argument: Argument, wanted: Type): boolean {
  switch (argument.type) {
    case "Literal":
      return wanted === "value";
    case "FunctionExpr":
      return validCall(argument, wanted);
    case "FilterQuery": {
      const { segments } = argument.value;
      return segments.every(validSegment) && (wanted === "nodes" || segments.every(isSingular));
    }
    default:
      // A condition; none of the functions takes one.
      return false;
  }
}

/** Selects one node at most, so that its value can be taken. */
function isSingular({ type, node }: Segment): boolean {
  if (type !== "ChildSegment") return false;
  if (node.type === "MemberNameShorthand") return true;
  const only = node.type === "BracketedSelection" && node.selectors.length === 1;
  return only && ["NameSelector", "IndexSelector"].includes(node.selectors[0]?.type ?? "");
}
