import { dashboards, type VigilConfig } from "@vigil/core";
import type { Alarms } from "./alarms.ts";
import { physicalName, type Region } from "./regions.ts";

interface DashboardOptions {
  readonly config: VigilConfig;
  readonly home: Region;
  readonly alarms: Alarms;
}

/** Core's dashboards, at home; the address of the first, which has the overview. */
export function drawDashboards({ config, home, alarms }: DashboardOptions): $util.Output<string> {
  const known = $util.all(alarms).apply((alarmArns) => dashboards(config, { alarmArns }));
  // How many there are is told without the ARNs, which are known only as the alarms are made.
  const names = dashboards(config, { alarmArns: placeholders(alarms) }).map(({ name }) => name);
  const made = names.map((name, n) => {
    const dashboardName = physicalName(name);
    const dashboardBody = known.apply((all) => JSON.stringify(all[n]?.body));
    const args = { dashboardName, dashboardBody };
    return new aws.cloudwatch.Dashboard(`Dashboard-${name}`, args, { provider: home.provider });
  });
  const [overview] = made;
  if (overview === undefined) throw new Error("no dashboard was drawn");
  const console = `https://${home.name}.console.aws.amazonaws.com/cloudwatch/home?region=${home.name}`;
  return $interpolate`${console}#dashboards/dashboard/${overview.dashboardName}`;
}

function placeholders(alarms: Alarms): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(alarms).map((name) => [name, ""]));
}
