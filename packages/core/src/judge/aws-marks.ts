import type { Exchange } from "../run.ts";

/**
 * How AWS's front doors mark answers of their own. Request-id headers prove nothing: a Function
 * URL adds them to the application's answers too. So it takes an error-type header, or one of the
 * exact bodies that the front doors send together with their id headers.
 */
const FRONT_DOOR_BODIES: ReadonlySet<string> = new Set([
  "Internal Server Error",
  '{"message":"Internal Server Error"}',
  '{"message": "Internal server error"}',
  '{"message":"Internal server error"}',
  '{"message":"Service Unavailable"}',
  '{"message": "Endpoint request timed out"}',
  '{"message":"Endpoint request timed out"}',
  '{"Message":null}',
]);

const ID_HEADERS = ["x-amzn-requestid", "apigw-requestid", "x-amz-apigw-id", "x-amz-cf-id"];

export function hasAwsMark(exchange: Exchange): boolean {
  const { response, bodyHead } = exchange;
  if (response === null) return false;
  if ("x-amzn-errortype" in response.headers) return true;
  return (
    FRONT_DOOR_BODIES.has(bodyHead.trim()) && ID_HEADERS.some((name) => name in response.headers)
  );
}
