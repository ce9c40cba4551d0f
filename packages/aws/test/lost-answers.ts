import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * Lets writes succeed and their answers get lost: `losses` says which. The SDK sends most of them
 * again, until it has had enough; then the caller gets an error.
 */
export async function losingAnswers<T>(
  client: DynamoDBClient,
  losses: readonly boolean[],
  use: () => Promise<T>,
): Promise<T> {
  const name = "losingAnswers";
  let calls = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context.commandName === "QueryCommand") return answer;
      calls += 1;
      if (losses[calls - 1] !== true) return answer;
      throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
    },
    { step: "deserialize", priority: "low", name },
  );
  try {
    return await use();
  } finally {
    client.middlewareStack.remove(name);
  }
}
