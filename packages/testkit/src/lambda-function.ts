import { type AwsAnswer, type AwsCall, awsError, awsOk } from "./aws-endpoint.ts";

type Json = Readonly<Record<string, unknown>>;

/** A function as Lambda's control plane tells of it; what is absent is answered with AWS's 404. */
export interface PlayedFunction {
  readonly name: string;
  /** By qualifier; `$LATEST` for the function itself. */
  readonly configurations: Readonly<Record<string, Json>>;
  readonly urls: readonly Json[];
  /** By qualifier, as objects. */
  readonly policies: Readonly<Record<string, Json>>;
  readonly aliases: Readonly<Record<string, Json>>;
  readonly provisioned: readonly Json[];
  readonly concurrency: Json;
  /** Lists of API Gateway, by their path. */
  readonly gateway: Readonly<Record<string, Json>>;
}

const ACCOUNT = "123456789012";
const REGION = "us-east-1";
export const PLAYED_HOST = "abc.lambda-url.us-east-1.on.aws";

/** A secret among the function's variables: nothing may ever tell it. */
export const PLAYED_SECRET = "sk-live-51HqLyjWDarjtT1zdp7dc";

export function arnOf(name: string, qualifier: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}:${qualifier}`;
}

const CONFIGURATION: Json = {
  FunctionName: "orders",
  FunctionArn: arnOf("orders", "live"),
  Runtime: "nodejs24.x",
  Role: `arn:aws:iam::${ACCOUNT}:role/orders`,
  Handler: "run.sh",
  CodeSize: 640_112,
  Timeout: 30,
  MemorySize: 1_024,
  LastModified: "2026-11-22T07:30:00.000+0000",
  CodeSha256: "sLW/UFfWsrj2DoMaCAKHtPKUNCjsRWEtSJ5H4SNNdqk=",
  Version: "3",
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: "" },
  Environment: {
    Variables: {
      AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
      AWS_LWA_INVOKE_MODE: "response_stream",
      AWS_LWA_PORT: "8080",
      PORT: "8080",
      STRIPE_KEY: PLAYED_SECRET,
    },
  },
  TracingConfig: { Mode: "PassThrough" },
  Layers: [
    {
      Arn: `arn:aws:lambda:${REGION}:753240598075:layer:LambdaAdapterLayerArm64:27`,
      CodeSize: 4_210_900,
    },
  ],
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
  Architectures: ["arm64"],
  EphemeralStorage: { Size: 512 },
};

const statement = (Action: string, Condition: Json): Json => ({
  Sid: Action.replace("lambda:", ""),
  Effect: "Allow",
  Principal: "*",
  Action,
  Resource: arnOf("orders", "live"),
  Condition,
});

/** Sound in every respect that the doctor knows. */
export const SOUND_FUNCTION: PlayedFunction = {
  name: "orders",
  configurations: { live: CONFIGURATION },
  urls: [
    {
      FunctionUrl: `https://${PLAYED_HOST}/`,
      FunctionArn: arnOf("orders", "live"),
      CreationTime: "2026-11-22T07:31:00.000Z",
      LastModifiedTime: "2026-11-22T07:31:00.000Z",
      AuthType: "NONE",
      InvokeMode: "RESPONSE_STREAM",
    },
  ],
  policies: {
    live: {
      Version: "2012-10-17",
      Id: "default",
      Statement: [
        statement("lambda:InvokeFunctionUrl", {
          StringEquals: { "lambda:FunctionUrlAuthType": "NONE" },
        }),
        statement("lambda:InvokeFunction", { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }),
      ],
    },
  },
  aliases: {
    live: {
      AliasArn: arnOf("orders", "live"),
      Name: "live",
      FunctionVersion: "3",
      Description: "",
    },
  },
  provisioned: [
    {
      FunctionArn: arnOf("orders", "live"),
      RequestedProvisionedConcurrentExecutions: 1,
      AvailableProvisionedConcurrentExecutions: 1,
      AllocatedProvisionedConcurrentExecutions: 1,
      Status: "READY",
      LastModified: "2026-11-22T07:35:00+0000",
    },
  ],
  concurrency: {},
  gateway: {},
};

/** The sound function with another configuration. */
export function playedWith(changes: Json, environment: Json = {}): PlayedFunction {
  const { Variables } = CONFIGURATION["Environment"] as { readonly Variables: Json };
  const Environment = { Variables: { ...Variables, ...environment } };
  return {
    ...SOUND_FUNCTION,
    configurations: { live: { ...CONFIGURATION, Environment, ...changes } },
  };
}

/** The sound function with another URL. */
export function playedUrl(changes: Json): PlayedFunction {
  return { ...SOUND_FUNCTION, urls: SOUND_FUNCTION.urls.map((url) => ({ ...url, ...changes })) };
}

/** Answers as Lambda and API Gateway do. */
export function answerForFunction(played: PlayedFunction): (call: AwsCall) => AwsAnswer {
  return ({ operation }) => {
    const url = new URL(operation.replace(/^GET /, ""), "http://aws");
    const path = decodeURIComponent(url.pathname);
    const qualifier = url.searchParams.get("Qualifier") ?? "$LATEST";
    const listed = played.gateway[path];
    if (listed !== undefined) return awsOk(listed);
    if (!path.includes("/functions/")) return awsError(404, "NotFoundException");
    const [, name, ...rest] = path.split("/functions/").join("/").split("/").slice(1);
    if (name !== played.name) return awsError(404, "ResourceNotFoundException");
    return partOf(played, rest.join("/"), qualifier);
  };
}

function partOf(played: PlayedFunction, part: string, qualifier: string): AwsAnswer {
  const orAbsent = (found: unknown) =>
    found === undefined ? awsError(404, "ResourceNotFoundException") : awsOk(found);
  switch (part) {
    case "urls":
      return awsOk({ FunctionUrlConfigs: played.urls });
    case "configuration":
      return orAbsent(played.configurations[qualifier]);
    case "policy": {
      const policy = played.policies[qualifier];
      return orAbsent(policy && { Policy: JSON.stringify(policy), RevisionId: "1" });
    }
    case "provisioned-concurrency":
      return awsOk({ ProvisionedConcurrencyConfigs: played.provisioned });
    case "concurrency":
      return awsOk(played.concurrency);
    default:
      return orAbsent(played.aliases[part.replace("aliases/", "")]);
  }
}
