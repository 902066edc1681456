/** Requests within requests: commands that are about another command, which their arguments spell. */
import { Args } from "../resp/args.ts";

/** The request that the arguments from `first` on make; valid as long as they are. */
export function innerRequest(args: Args, first: number): Args {
  const request = new Args(args.count - first);
  for (let i = first; i < args.count; i++) {
    request.set(i - first, args.bufs[i], args.starts[i], args.ends[i]);
  }
  return request;
}
