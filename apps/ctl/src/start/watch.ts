/** `npm run dev`: builds and restarts the apps when a source changes. What does not compile or start is printed; the next change may mend it. */
import { execFile } from 'node:child_process';
import { watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { appNames } from '../stack/app-specs.js';
import { root } from '../stack/root.js';
import type { Stack } from '../stack/stack.js';

/** Editors write a file in several steps. */
const quietMs = 200;

export async function restartOnChange(stack: Stack, print: (text: string) => void, signal: AbortSignal): Promise<void> {
  let changed = 0;
  const watchers = ['apps', 'libs'].map((folder) =>
    watch(path.join(root, folder), { recursive: true, signal }, (_event, file) => {
      if (file?.endsWith('.ts') && !file.endsWith('.spec.ts')) changed = performance.now();
    }),
  );
  for (const watcher of watchers) watcher.on('error', () => undefined); // closing by signal
  while (!signal.aborted) {
    await sleep(quietMs);
    if (changed === 0 || performance.now() - changed < quietMs) continue;
    changed = 0;
    await rebuild(stack, print, signal);
  }
}

async function rebuild(stack: Stack, print: (text: string) => void, signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [path.join(root, 'scripts', 'task.mjs'), 'build']);
    for (const name of [...appNames].reverse()) await stack.processes[name].stop();
    for (const name of appNames) await stack.restart(name);
    print('restarted');
  } catch (error) {
    if (signal.aborted) return; // Ctrl-C in the middle of it
    const { stderr, message } = error as Error & { stderr?: string };
    print((stderr || message).trim());
  }
}
