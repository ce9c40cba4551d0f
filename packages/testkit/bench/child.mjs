/** One measure in a process of its own, so that none warms another. Told everything by its parent. */
process.once("disconnect", () => process.exit(1));
process.once("message", async ({ bundle, measure, options }) => {
  const module = await import(bundle);
  const figures = await module[measure](options);
  process.send(figures, () => process.exit());
});
