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
  dynamoRecovery: { usd: 0.2, unit: "GB", source: DYNAMODB },
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
  transferBetweenRegions: {
    usd: 0.02,
    unit: "GB",
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
