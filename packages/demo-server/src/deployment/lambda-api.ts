import { type Response, Router } from "express";
import { ALIAS, type DeploymentPlay, FUNCTION_NAME } from "./play.ts";

/** Lambda's control plane, as far as a monitor of deployments asks it: one function and its alias. */
export function createLambdaApi(play: DeploymentPlay): Router {
  const router = Router();
  const functions = "/2015-03-31/functions/:name";
  router.get(`${functions}/configuration`, ({ params, query }, response) => {
    const { version } = play.now;
    const known: readonly unknown[] = [undefined, ALIAS, String(version)];
    if (params.name !== FUNCTION_NAME || !known.includes(qualifierOf(query)))
      return missing(response);
    response.json({
      FunctionName: FUNCTION_NAME,
      Version: String(version),
      CodeSha256: `code-of-version-${version}`,
    });
  });
  router.get(`${functions}/aliases/:alias`, ({ params }, response) => {
    if (params.name !== FUNCTION_NAME || params.alias !== ALIAS) return missing(response);
    response.json({ Name: ALIAS, FunctionVersion: String(play.now.version) });
  });
  router.get(
    "/2019-09-30/functions/:name/provisioned-concurrency",
    ({ params, query }, response) => {
      const { status, changedAtMs } = play.now;
      if (params.name !== FUNCTION_NAME) return missing(response);
      if (qualifierOf(query) !== ALIAS || status === null) return missing(response, NO_PROVISIONED);
      response.json({
        Status: status,
        RequestedProvisionedConcurrentExecutions: 1,
        LastModified: new Date(changedAtMs).toISOString().replace("Z", "+0000"),
      });
    },
  );
  router.use((_request, response) => missing(response));
  return router;
}

const NO_PROVISIONED = "ProvisionedConcurrencyConfigNotFoundException";

function missing(response: Response, code = "ResourceNotFoundException"): void {
  response.status(404).set("x-amzn-errortype", code).json({ Type: "User", Message: code });
}

function qualifierOf(query: Readonly<Record<string, unknown>>): unknown {
  return query["Qualifier"];
}
