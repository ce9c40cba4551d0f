import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";

export interface LaterCall {
  /** Hands an event to the function without waiting for it. Null when Lambda took it, otherwise AWS's error code. */
  send(event: unknown): Promise<string | null>;
}

export function createLaterCall(place: AwsPlace & { readonly functionName: string }): LaterCall {
  const client = new LambdaClient(clientOptions(place));
  return {
    async send(event) {
      try {
        await client.send(
          new InvokeCommand({
            FunctionName: place.functionName,
            InvocationType: "Event",
            Payload: JSON.stringify(event),
          }),
        );
        return null;
      } catch (error) {
        return awsErrorCode(error);
      }
    },
  };
}
