import { createRequire } from "node:module";
import { join } from "node:path";

const UNAVAILABLE = 14;
const INVALID_ARGUMENT = 3;
const MESSAGE_BYTES = 400 * 1_048_576;
const FEATURES = ["secrets", "resourceReferences", "aliasSpecs", "deletedWith"];
const SEVERITIES = ["debug", "info", "warning", "error"];

/** Serves what a program asks the engine for, on a free port of loopback. */
export async function serveMonitor({ modules, deployment, events }) {
  const load = createRequire(join(modules, "main.cjs"));
  const grpc = load("@grpc/grpc-js");
  const { ResourceMonitorService } = load("@pulumi/pulumi/proto/resource_grpc_pb.js");
  const { EngineService } = load("@pulumi/pulumi/proto/engine_grpc_pb.js");
  const server = new grpc.Server({ "grpc.max_receive_message_length": MESSAGE_BYTES });
  server.addService(ResourceMonitorService, answering(monitorOf({ load, deployment })));
  server.addService(EngineService, answering(engineOf({ load, deployment, events })));
  const port = await new Promise((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** Methods that take a request and return a response, as gRPC wants them. */
function answering(methods) {
  const served = Object.entries(methods).map(([name, method]) => [
    name,
    ({ request }, reply) => {
      try {
        reply(null, method(request));
      } catch (error) {
        const code = error.hasEnded === true ? UNAVAILABLE : INVALID_ARGUMENT;
        reply({ code, message: error.message });
      }
    },
  ]);
  return Object.fromEntries(served);
}

/** Setters by name, as the generated classes have them. */
function filled(message, values) {
  for (const [name, value] of Object.entries(values)) {
    message[`set${name.charAt(0).toUpperCase()}${name.slice(1)}`](value);
  }
  return message;
}

/** What is asked for, under the names of the deployment. */
const goalOf = (request) => ({
  type: request.getType(),
  name: request.getName(),
  isCustom: request.getCustom(),
  inputs: request.getObject()?.toJavaScript() ?? {},
  parent: request.getParent(),
  provider: request.getProvider(),
  providers: Object.fromEntries([...request.getProvidersMap().entries()]),
  dependencies: request.getDependenciesList(),
  ignoreChanges: request.getIgnorechangesList(),
  isProtected: request.getProtect(),
  retainOnDelete: request.getRetainondelete(),
});
const lookupOf = (request) => ({
  type: request.getType(),
  name: request.getName(),
  id: request.getId(),
  inputs: request.getProperties()?.toJavaScript() ?? {},
  parent: request.getParent(),
  provider: request.getProvider(),
});
const callOf = (request) => ({
  token: request.getTok(),
  args: request.getArgs()?.toJavaScript() ?? {},
  provider: request.getProvider(),
});

function monitorOf({ load, deployment }) {
  const resource = load("@pulumi/pulumi/proto/resource_pb.js");
  const { InvokeResponse } = load("@pulumi/pulumi/proto/provider_pb.js");
  const { Struct } = load("google-protobuf/google/protobuf/struct_pb.js");
  const { Empty } = load("google-protobuf/google/protobuf/empty_pb.js");
  const empty = () => new Empty();
  const struct = (value) => Struct.fromJavaScript(value);
  return {
    supportsFeature: (request) =>
      filled(new resource.SupportsFeatureResponse(), {
        hassupport: FEATURES.includes(request.getId()),
      }),
    registerResource(request) {
      const { urn, id, outputs } = deployment.register(goalOf(request));
      return filled(new resource.RegisterResourceResponse(), { urn, id, object: struct(outputs) });
    },
    readResource(request) {
      const { urn, outputs } = deployment.read(lookupOf(request));
      return filled(new resource.ReadResourceResponse(), { urn, properties: struct(outputs) });
    },
    registerResourceOutputs(request) {
      deployment.setOutputs(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
      return new Empty();
    },
    invoke: (request) =>
      filled(new InvokeResponse(), { return: struct(deployment.invoke(callOf(request))) }),
    registerPackage: () => filled(new resource.RegisterPackageResponse(), { ref: "package" }),
    registerStackTransform: empty,
    registerStackInvokeTransform: empty,
    registerResourceHook: empty,
    signalAndWaitForShutdown: empty,
  };
}

function engineOf({ load, deployment, events }) {
  const engine = load("@pulumi/pulumi/proto/engine_pb.js");
  const { Empty } = load("google-protobuf/google/protobuf/empty_pb.js");
  return {
    log(request) {
      const severity = SEVERITIES[request.getSeverity()];
      const message = request.getMessage();
      if (severity === "error") deployment.fail({ urn: request.getUrn(), message });
      else if (severity !== "debug") {
        events.diagnostic({ urn: request.getUrn(), message, severity });
      }
      return new Empty();
    },
    getRootResource: () =>
      filled(new engine.GetRootResourceResponse(), { urn: deployment.rootUrn }),
    setRootResource: () => new engine.SetRootResourceResponse(),
    startDebugging: () => new Empty(),
    requirePulumiVersion: () => new engine.RequirePulumiVersionResponse(),
  };
}
