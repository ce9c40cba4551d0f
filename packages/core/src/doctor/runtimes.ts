/** When AWS stopped patching a runtime, or will: docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html. */
const DEPRECATED: Readonly<Record<string, string>> = {
  dotnet6: "2024-12-20",
  dotnet8: "2026-11-10",
  "dotnetcore3.1": "2023-04-03",
  "go1.x": "2024-01-08",
  java8: "2024-01-08",
  "nodejs12.x": "2023-03-31",
  "nodejs14.x": "2023-12-04",
  "nodejs16.x": "2024-06-12",
  "nodejs18.x": "2025-09-01",
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
  provided: "2024-01-08",
  "provided.al2": "2026-07-31",
  "python3.7": "2023-12-04",
  "python3.8": "2024-10-14",
  "python3.9": "2025-12-15",
  "python3.10": "2026-10-31",
  "python3.11": "2027-06-30",
  "ruby2.7": "2023-12-07",
  "ruby3.2": "2026-03-31",
  "ruby3.3": "2027-03-31",
};

/** What to move to, by how the runtime's name begins. */
const CURRENT: readonly (readonly [family: string, current: string])[] = [
  ["nodejs", "nodejs24.x"],
  ["python", "python3.14"],
  ["ruby", "ruby3.4"],
  ["java", "java25"],
  ["dotnet", "dotnet10"],
];

/** `2026-04-30`; null for one that is not known to end. */
export function deprecatedSince(runtime: string): string | null {
  return DEPRECATED[runtime] ?? null;
}

/** Of the same family; for what has none of its own, the OS-only runtime. */
export function currentRuntime(runtime: string): string {
  return CURRENT.find(([family]) => runtime.startsWith(family))?.[1] ?? "provided.al2023";
}
