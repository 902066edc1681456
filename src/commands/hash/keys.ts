/** What the commands of hashes do with their key, as COMMAND INFO tells it. */
import { arg, key } from "../spec.ts";

/** Looks at the content. */
export const READS = [key({ at: 1, access: "ro", does: "access" })];
/** Looks at what is known without the content: existence, lengths. */
export const INSPECTS = [key({ at: 1, access: "ro" })];
export const UPDATES = [key({ at: 1, access: "rw", does: "update" })];
export const INSERTS = [key({ at: 1, access: "rw", does: "insert" })];
export const DELETES = [key({ at: 1, access: "rw", does: "delete" })];
/** Replies with what it has made of the content. */
export const COUNTS = [key({ at: 1, access: "rw", does: ["access", "update"] })];

export const FIELD = arg.string("field");
export const FIELDS = arg.string("field", { multiple: true });
export const PAIRS = arg.block("field_value", [FIELD, arg.string("value")], { multiple: true });
