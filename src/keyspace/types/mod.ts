/** The types of values, by their number in the entry's header. */
import { TypeId } from "../../structures/entry.ts";
import { hashType } from "./hash.ts";
import { listType } from "./list.ts";
import { setType } from "./set.ts";
import { sortedSetType } from "./sorted_set.ts";
import { streamType } from "./stream.ts";
import { stringType } from "./string.ts";
import type { ValueType } from "./type.ts";

const types: (ValueType | undefined)[] = [];
types[TypeId.STRING] = stringType;
types[TypeId.LIST] = listType;
types[TypeId.SET] = setType;
types[TypeId.ZSET] = sortedSetType;
types[TypeId.HASH] = hashType;
types[TypeId.STREAM] = streamType;

/** By TypeId; undefined for types that this server does not have. */
export const VALUE_TYPES: readonly (ValueType | undefined)[] = types;
