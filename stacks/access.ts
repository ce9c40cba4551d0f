/** Refuses whoever comes without TLS. Who may come at all is said elsewhere. */
export function tlsOnly(actions: string, arn: $util.Output<string>) {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: actions,
    Resource: arn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** Lets one service assume a role, and nobody else. */
export function trust(service: string): string {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
