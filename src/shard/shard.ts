import { DurableObject } from "cloudflare:workers";

export class Shard extends DurableObject<Env> {}
