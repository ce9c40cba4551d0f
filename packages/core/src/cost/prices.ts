/** When the prices were looked up, and where they hold. Other regions cost up to half as much again. */
export const PRICES_DATE = "2026-11-22";
export const PRICES_REGION = "us-east-1";

export interface Price {
  readonly usd: number;
  /** What that buys; quantities are counted in it. */
  readonly unit: string;
  readonly source: string;
}

const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const LAMBDA = "https://aws.amazon.com/lambda/pricing/";

/** Every price of the bill. None counts a free tier. */
export const PRICES = {
  customMetric: { usd: 0.3, unit: "metric", source: CLOUDWATCH },
  putMetricData: { usd: 0.000_01, unit: "request", source: CLOUDWATCH },
  alarmMetric: { usd: 0.1, unit: "metric watched", source: CLOUDWATCH },
  dashboard: { usd: 3, unit: "dashboard", source: CLOUDWATCH },
  logIngestion: { usd: 0.5, unit: "GB", source: CLOUDWATCH },
  // Agrees with c3x.dev/blog/cloudwatch-logs-cost-optimization, us-east-1, June 2026.
  logStorage: { usd: 0.03, unit: "GB", source: CLOUDWATCH },
  lambdaCompute: { usd: 0.000_013_333_4, unit: "GB-second", source: LAMBDA },
  lambdaRequest: { usd: 0.000_000_2, unit: "request", source: LAMBDA },
  schedulerTick: {
    usd: 0.000_001,
    unit: "invocation",
    source: "https://aws.amazon.com/eventbridge/pricing/",
  },
  dynamoWrite: { usd: 0.000_000_625, unit: "write unit", source: DYNAMODB },
  dynamoRead: { usd: 0.000_000_125, unit: "read unit", source: DYNAMODB },
  dynamoStorage: { usd: 0.25, unit: "GB", source: DYNAMODB },
  // Agrees with finops.com.py/services/dynamodb/backups, which bears no date.
  dynamoRecovery: { usd: 0.2, unit: "GB", source: DYNAMODB },
  // Agrees with cloudburn.io/blog/amazon-sqs-pricing, us-east-1, March 2026.
  sqsRequest: {
    usd: 0.000_000_4,
    unit: "request",
    source: "https://aws.amazon.com/sqs/pricing/",
  },
  snsPublish: {
    usd: 0.000_000_5,
    unit: "message",
    source: "https://aws.amazon.com/sns/pricing/",
  },
  // Agrees with redresscompliance.com/aws-inter-region-transfer-costs-multiregion, us-east-1 to
  // us-west-2 and eu-west-1; to us-east-2 it is half, to some far regions up to four times as much.
  transferBetweenRegions: {
    usd: 0.02,
    unit: "GB",
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
