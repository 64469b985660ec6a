/**
 * Live: the process runs. Ready: it accepts work, and what it needs answers. Says names and up or down, never why: the reason is
 * in the log of whoever failed.
 */
import { Injectable } from '@nestjs/common';

export type State = 'up' | 'down';
/** Resolves when all is well, rejects or hangs when not. */
export type Check = () => Promise<unknown>;

export interface Readiness {
  readonly status: State;
  readonly checks: Readonly<Record<string, State>>;
}

/** A check that takes longer counts as down. */
const CHECK_MS = 2_000;

@Injectable()
export class Health {
  private readonly checks = new Map<string, Check>();
  private readonly draining = new AbortController();

  /** Registers a check under a unique name. */
  add(name: string, check: Check): void {
    if (this.checks.has(name)) throw new Error(`health check ${name} is registered twice`);
    this.checks.set(name, check);
  }

  /** From now on not ready: load balancers send no more work. */
  drain(): void {
    this.draining.abort();
  }

  /** Aborts when the process begins to end: whoever keeps a request waiting answers it now. */
  get ending(): AbortSignal {
    return this.draining.signal;
  }

  async ready(): Promise<Readiness> {
    const states = await Promise.all([...this.checks].map(async ([name, check]) => [name, await stateOf(check)] as const));
    const up = !this.ending.aborted && states.every(([, state]) => state === 'up');
    return { status: up ? 'up' : 'down', checks: Object.fromEntries(states) };
  }
}

async function stateOf(check: Check): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<State>((resolve) => (timer = setTimeout(resolve, CHECK_MS, 'down')));
  try {
    return await Promise.race([check().then(() => 'up' as const), late]);
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
