/**
 * Tests that need a program which is not part of the project: the real redis-server, redis-cli, a
 * Python with its Redis client.
 *
 * Where it is missing, the test is listed as ignored and its title says why; with CI set, it fails
 * instead, because there nobody reads the list.
 */

/** A program that a test may need. */
export interface Requirement {
  /** How messages call it. */
  readonly name: string;
  /** Whether it can be used here. */
  readonly present: boolean;
}

/** Finds a program on PATH; null when it is not installed. */
export function findProgram(name: string): string | null {
  for (const folder of Deno.env.get("PATH")?.split(":") ?? []) {
    const path = `${folder}/${name}`;
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** A program that is looked for on PATH. */
export function program(name: string): Requirement {
  return { name, present: findProgram(name) !== null };
}

/** A test that is skipped, visibly, where `requirement` is missing. */
export function testWith(
  requirement: Requirement,
  title: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  if (requirement.present) Deno.test(title, fn);
  else if (Deno.env.get("CI")) {
    Deno.test(title, () => {
      throw new Error(`Cannot run this test: ${requirement.name} is missing`);
    });
  } else Deno.test({ name: `${title} (skipped: no ${requirement.name})`, ignore: true, fn });
}
