/** The wait of the end-to-end tests: looks again and again, has an end, and says what did not come about. */
import { setTimeout as wait } from 'node:timers/promises';

/** Longer than anything takes that a test waits for, on a busy machine too, and less than the limit of a test here. */
const PATIENCE_MS = 110_000;
const LOOK_MS = 25;

/** @throws Error that names the condition, when it is not so for so long */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  for (const end = performance.now() + patienceMs; !(await condition()); await wait(LOOK_MS))
    if (performance.now() > end) throw new Error(`not so after ${patienceMs / 1_000} s: ${condition.toString()}`);
}
