import { resultReply, soundLegacy } from "@vigil/testkit";

/** A read-only tool that needs nothing, beside one that writes, as a sound server lists them. */
export function withPing(answer: object = { content: [{ type: "text", text: "pong" }] }) {
  const called: unknown[] = [];
  const script = soundLegacy({
    edit(request, reply) {
      const { method, params } = request.rpc ?? {};
      if (method === "tools/list") {
        const tools = [
          { name: "wipe", inputSchema: { type: "object" } },
          { name: "ping", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
        ];
        return resultReply(request, { tools });
      }
      if (method !== "tools/call") return reply;
      called.push(Object(params).name);
      return resultReply(request, answer);
    },
  });
  return { called, script };
}
