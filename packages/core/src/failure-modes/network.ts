import type { FailureMode } from "./failure-mode.ts";

const URL_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html";

/** Failures below HTTP: no request was answered. */
export const NETWORK = {
  "dns-failure": {
    group: "network",
    status: "down",
    title: "The host name does not resolve",
    cloudwatch: "hidden",
    remedy:
      "Check the URL for a typing error. A Function URL vanishes with its function or URL config: `aws lambda get-function-url-config --function-name NAME --qualifier ALIAS` shows the one that exists. For a custom domain check its DNS record.",
    reference: URL_DOCS,
  },
  "connect-refused": {
    group: "network",
    status: "down",
    title: "The host refuses connections",
    cloudwatch: "hidden",
    remedy:
      "Nothing listens on that port. AWS front doors always listen on 443, so check host and port of the URL; on your own machine, start the server.",
    reference: "https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html",
  },
  "connect-timeout": {
    group: "network",
    status: "down",
    title: "The connection is not accepted in time",
    cloudwatch: "hidden",
    remedy:
      "Packets are dropped on the way: look at the security group, network ACL or WAF in front of the host, and whether a private API Gateway or a VPC-only name is being probed from outside.",
    reference: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
  },
  "tls-failure": {
    group: "network",
    status: "down",
    title: "The TLS handshake fails",
    cloudwatch: "hidden",
    remedy:
      "The evidence names the certificate error. Expired: renew, or find out why ACM could not (its DNS validation record must still exist). Wrong name: attach the certificate of this domain to the API Gateway custom domain or CloudFront distribution. Self-signed: clients will not accept it.",
    reference: "https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-renewal.html",
  },
  "certificate-expiring": {
    group: "network",
    status: "degraded",
    title: "The certificate expires within 14 days",
    cloudwatch: "hidden",
    remedy:
      "ACM renews 60 days ahead, so at 14 days its renewal is stuck: `aws acm describe-certificate --certificate-arn ARN --query Certificate.RenewalSummary` says why; usually the DNS validation record is gone.",
    reference: "https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-renewal.html",
  },
  "connection-reset": {
    group: "network",
    status: "down",
    title: "The connection breaks before the answer is whole",
    cloudwatch: "partly",
    remedy:
      "The process behind the connection died or closed it mid-answer. Look for `Runtime exited`, out-of-memory or adapter crashes in the function's log at this minute, and for a proxy with a shorter idle time-out than the answer needs.",
    reference: "https://github.com/aws/aws-lambda-web-adapter/issues/623",
  },
} as const satisfies Record<string, FailureMode>;
