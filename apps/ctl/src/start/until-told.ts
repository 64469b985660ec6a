/** Ctrl-C and SIGTERM as an AbortSignal: the first asks for a clean stop, one a second later ends at once (children follow by themselves). */

export interface Told {
  readonly signal: AbortSignal;
  /** Resolves when somebody wants the end. */
  readonly end: Promise<void>;
  dispose(): void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function untilTold(exit: (code: number) => void): Told {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (first === 0) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > 1_000) {
      exit(130); // a terminal and npm may both pass on the first one, so only a later one counts as impatience
    }
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end: new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true })),
    dispose() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
