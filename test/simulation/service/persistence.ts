/** Clients of a service whose processes die: they ask again, with the same bytes, until they are answered. */
import { setTimeout as wait } from 'node:timers/promises';

const patienceMs = 240_000;
const pauseMs = 40;

/** Until `attempt` gives something. @throws what `stuck` says when patience ends */
export async function until<T>(attempt: () => Promise<T | undefined>, stuck: () => string | Promise<string>): Promise<T> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await wait(pauseMs)) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new Error(`${await stuck()} after ${patienceMs / 1_000} s`);
}

/** As long as `isTemporary` says so. */
export async function persist<T>(act: () => Promise<T>, isTemporary: (error: unknown) => boolean): Promise<T> {
  let last: unknown;
  const attempt = async () => {
    try {
      return { result: await act() };
    } catch (error) {
      if (!isTemporary(error)) throw error;
      last = error;
      return undefined;
    }
  };
  return (await until(attempt, () => `still ${String(last)}`)).result;
}
