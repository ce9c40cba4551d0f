import type { ConfigurationFacts, FunctionSubject } from "./types.ts";

/** The Lambda Web Adapter's newest layer version known here; both architectures count alike. */
export const ADAPTER_VERSION = 27;
const ADAPTER_ACCOUNT = "753240598075";
export const ADAPTER_WRAPPER = "/opt/bootstrap";
export const STREAMING_MODE = "response_stream";

export interface Adapter {
  readonly arn: string;
  /** Null where its name does not tell. */
  readonly architecture: "arm64" | "x86_64" | null;
  /** Null for a copy, which counts its own versions. */
  readonly version: number | null;
}

const OFFICIAL = /:(\d{12}):layer:LambdaAdapterLayer(Arm64|X86):(\d+)$/;
/** Copies in accounts of one's own. */
const COPY = /:layer:[^:]*(?:lambda-?_?(?:web)?-?_?adapter|\blwa\b)[^:]*:\d+$/i;

export function adapterOf(layers: readonly string[]): Adapter | null {
  for (const arn of layers) {
    const [, account, name, version] = OFFICIAL.exec(arn) ?? [];
    if (name !== undefined) {
      const architecture = name === "Arm64" ? "arm64" : "x86_64";
      return { arn, architecture, version: account === ADAPTER_ACCOUNT ? Number(version) : null };
    }
    if (COPY.test(arn)) return { arn, architecture: null, version: null };
  }
  return null;
}

/** Whether the adapter is meant to be there, be it or not. */
export function wantsAdapter({ settings, handler }: ConfigurationFacts): boolean {
  return (
    settings.AWS_LAMBDA_EXEC_WRAPPER === ADAPTER_WRAPPER ||
    settings.AWS_LWA_INVOKE_MODE !== undefined ||
    settings.AWS_LWA_PORT !== undefined ||
    /\.sh$/.test(handler ?? "")
  );
}

/** An image holds the adapter where nobody can see it: there its settings tell. */
export function hasAdapter(configuration: ConfigurationFacts): boolean {
  return configuration.packageType === "zip"
    ? adapterOf(configuration.layers) !== null
    : wantsAdapter(configuration);
}

/** Anything that the adapter does not know means buffered. */
export function adapterStreams({ settings }: ConfigurationFacts): boolean {
  return settings.AWS_LWA_INVOKE_MODE?.toLowerCase() === STREAMING_MODE;
}

/** `AWS_LWA_INVOKE_MODE is not set`. */
export function modeText({ settings }: ConfigurationFacts): string {
  const mode = settings.AWS_LWA_INVOKE_MODE;
  return mode === undefined
    ? "AWS_LWA_INVOKE_MODE is not set"
    : `AWS_LWA_INVOKE_MODE is ${JSON.stringify(mode)}`;
}

/** The current layer for a function's architecture. */
export function currentAdapter(architecture: string, region: FunctionSubject["region"]): string {
  const partition = region.startsWith("cn-") ? "aws-cn" : "aws";
  const name = architecture === "arm64" ? "Arm64" : "X86";
  return `arn:${partition}:lambda:${region}:${ADAPTER_ACCOUNT}:layer:LambdaAdapterLayer${name}:${ADAPTER_VERSION}`;
}
