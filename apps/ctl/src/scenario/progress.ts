/** Progress bars on a terminal, one line per finished step elsewhere (CI, files). */
import { MultiBar, Presets } from 'cli-progress';
import type { Steps } from './people.js';

export interface Progress {
  readonly steps: Steps;
  /** A line between the bars. */
  say(line: string): void;
  stop(): void;
}

export function progress(out: NodeJS.WriteStream): Progress {
  return out.isTTY ? bars(out) : lines(out);
}

function bars(out: NodeJS.WriteStream): Progress {
  const multi = new MultiBar(
    { stream: out, format: '  {label} {bar} {value}/{total}', hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  return {
    steps(label, total) {
      const bar = multi.create(total, 0, { label: label.padEnd(28) });
      return () => bar.increment();
    },
    say: (line) => multi.log(`${line}\n`),
    stop: () => multi.stop(),
  };
}

function lines(out: NodeJS.WriteStream): Progress {
  return {
    steps(label, total) {
      let done = 0;
      const started = performance.now();
      return () => {
        if (++done === total)
          out.write(`  ${label.padEnd(28)} ${total} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
      };
    },
    say: (line) => void out.write(`${line}\n`),
    stop: () => undefined,
  };
}
