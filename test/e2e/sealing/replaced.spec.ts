/** What a launcher is to a process that has replaced itself: it has lost the channel, and goes with it all the same. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startOf } from '../../../apps/ctl/src/stack/left-behind.js';
import { until } from '../until.js';

describe('a key holder that has replaced itself', () => {
  it('ends with its launcher all the same, though it has lost the channel to it', async () => {
    const fakes = path.join(import.meta.dirname, '..', '..', 'fakes');
    const launcher = spawn(process.execPath, [path.join(fakes, 'replaced.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(startOf(pid)).toBeDefined();
    launcher.kill('SIGKILL');
    await until(() => startOf(pid) === undefined, 50_000);
  });
});
