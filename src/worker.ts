export { Shard } from "./shard/shard.ts";
export default {
  fetch: () => new Response("not yet", { status: 503 }),
} satisfies ExportedHandler<Env>;
