/** Commands that wait, and GEOADD, which serves them. */
import { type Table, table } from "../scenario.ts";

export const blockingGeoTable: Table = table("blocking and GEOADD", {
  "Those who wait for sorted sets are served by GEOADD": [
    "send b> BZPOPMAX g 0",
    ["GEOADD g 13.361389 38.115556 Palermo", ":1"],
    ["read b>", "[$g, $Palermo, ,3479099956230698]"],
  ],
}, { needs: "geoadd" });
