/** Commands that wait, and SORT, which serves them. */
import { type Table, table } from "../scenario.ts";

export const blockingSortTable: Table = table("blocking and SORT", {
  "Those who wait for lists are served by SORT": [
    ["RPUSH l 3 1 2", ":3"],
    "send b> BLPOP m 0",
    ["SORT l STORE m", ":3"],
    ["read b>", "[$m, $1]"],
  ],
}, { needs: "sort" });
