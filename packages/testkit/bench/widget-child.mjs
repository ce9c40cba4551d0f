/** The built widget function, as Lambda would keep it: loaded once, asked again and again. */
const [module, event, rounds] = process.argv.slice(2);
const from = performance.now();
const { handler } = await import(module);
const initMs = performance.now() - from;
const answers = [];
const cpu = [];
let html = "";
for (let round = 0; round < Number(rounds); round += 1) {
  const before = process.cpuUsage();
  const asked = performance.now();
  html = await handler(JSON.parse(event));
  answers.push(performance.now() - asked);
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1_000);
}
process.send({ initMs, answers, cpu, html }, () => process.exit());
