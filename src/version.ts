/** Which version of Keyrex this is: deno.json says it, and nothing else. */
import manifest from "../deno.json" with { type: "json" };

/** Three numbers: `0.1.0`. */
export const VERSION: string = manifest.version;
