import { trust } from "./access.ts";
import { logicalName, physicalName, type Region, type Regions } from "./regions.ts";

interface HintOptions {
  readonly correlator: sst.aws.Function;
  readonly regions: Regions;
  /** A trail logs what is asked of Lambda. */
  readonly cloudtrail: boolean;
}

/** Whatever else may be sent to the bus, these alone reach the correlator. */
const SOURCES = ["aws.codedeploy", "aws.cloudformation", "aws.lambda"];

/** What changes a stack or begins a deployment; not of which function. */
const CHANGES = {
  source: ["aws.codedeploy", "aws.cloudformation"],
  "detail-type": [
    "CodeDeploy Deployment State-change Notification",
    "CloudFormation Stack Status Change",
  ],
};

/** Calls that change what serves; their names end in the API's date. */
const CALLS = {
  source: ["aws.lambda"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["lambda.amazonaws.com"],
    eventName: [
      { prefix: "UpdateFunctionCode" },
      { prefix: "UpdateFunctionConfiguration" },
      { prefix: "PublishVersion" },
      { prefix: "UpdateAlias" },
      { prefix: "CreateAlias" },
      { prefix: "PutProvisionedConcurrencyConfig" },
    ],
  },
};

/** A hint that is older has been overtaken by a look. */
const MAX_AGE_SECONDS = 60;

/**
 * Word of changes, from the regions of the functions to the correlator at home: EventBridge calls
 * functions of its own region alone, so it goes by a bus that nothing else uses.
 */
export function forwardChanges({ correlator, regions, cloudtrail }: HintOptions): void {
  const { home, followed } = regions;
  const name = physicalName("hints");
  const bus = new aws.cloudwatch.EventBus(logicalName("Hints", home.name), { name }, at(home));
  const role = mayPutEvents(home, bus);
  for (const region of followed) {
    const forward = (thing: string, pattern: object) =>
      createRule(region, { thing, pattern, target: { arn: bus.arn, roleArn: role.arn } });
    forward("Changes", CHANGES);
    if (cloudtrail) forward("Calls", CALLS);
  }
  const rule = createRule(home, {
    thing: "HintsRule",
    bus: bus.name,
    pattern: { source: SOURCES },
    target: { arn: correlator.arn, retryPolicy: RETRY },
  });
  new aws.lambda.Permission(
    logicalName("HintsMayCall", home.name),
    {
      action: "lambda:InvokeFunction",
      function: correlator.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    at(home),
  );
}

const RETRY = { maximumEventAgeInSeconds: MAX_AGE_SECONDS, maximumRetryAttempts: 0 };

const at = ({ provider }: Region) => ({ provider });

interface RuleSpec {
  readonly thing: string;
  /** The region's default bus without. */
  readonly bus?: $util.Input<string>;
  readonly pattern: object;
  readonly target: Pick<aws.cloudwatch.EventTargetArgs, "arn" | "roleArn" | "retryPolicy">;
}

function createRule(region: Region, { thing, bus, pattern, target }: RuleSpec) {
  const logical = logicalName(thing, region.name);
  const onBus = bus === undefined ? {} : { eventBusName: bus };
  const rule = new aws.cloudwatch.EventRule(
    logical,
    {
      name: physicalName(thing.toLowerCase()),
      description: "Tells Vigil that a deployment may be under way",
      eventPattern: JSON.stringify(pattern),
      ...onBus,
    },
    at(region),
  );
  new aws.cloudwatch.EventTarget(
    `${logical}Target`,
    { rule: rule.name, ...onBus, ...target },
    at(region),
  );
  return rule;
}

/** What EventBridge itself may do when it forwards. */
function mayPutEvents(home: Region, bus: aws.cloudwatch.EventBus) {
  return new aws.iam.Role(
    logicalName("HintsForward", home.name),
    {
      assumeRolePolicy: trust("events.amazonaws.com"),
      inlinePolicies: [
        {
          name: "inline",
          policy: $jsonStringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: ["events:PutEvents"], Resource: [bus.arn] }],
          }),
        },
      ],
    },
    at(home),
  );
}
