import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { PagerInvocation, UnwellNotice } from "@vigil/core";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";

export interface PagerCall {
  /** Hands a change, or that something is unwell, to the pager without waiting for it. Null when Lambda took it, otherwise AWS's error code. */
  tell(invocation: PagerInvocation | UnwellNotice): Promise<string | null>;
}

/** The pager in home's region. */
export function createPagerCall(place: AwsPlace & { readonly functionName: string }): PagerCall {
  const client = new LambdaClient(clientOptions(place));
  return {
    async tell(invocation) {
      try {
        await client.send(
          new InvokeCommand({
            FunctionName: place.functionName,
            InvocationType: "Event",
            Payload: JSON.stringify(invocation),
          }),
        );
        return null;
      } catch (error) {
        return awsErrorCode(error);
      }
    },
  };
}
