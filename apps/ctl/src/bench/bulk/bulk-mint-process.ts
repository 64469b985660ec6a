/** The key holder's one-shot `bulk-mint`: a plan goes in, signed selectors come out in its order. The key stays in its process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readFrames } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import { parameterSet } from '#he';
import { childEnvironment } from '../../config.js';
import { folders } from '../../stack/app-specs.js';
import type { Stack } from '../../stack/stack.js';
import { subjectOfPlan } from './world-plan.js';
import type { WorldPlan } from './world-plan.js';

const permitFile = 'for-measurements-only';
/** cohort u32 ‖ slot u32 ‖ period u32 ‖ expiryDay u32 ‖ subject 32 */
const planBytes = 48;
const rowsAtOnce = 1_024;

/** Selectors of all pseudonyms of the plan, in their order. Throws when the process fails. */
export async function* mintInBulk({ dataDir, specs }: Stack, plan: WorldPlan): AsyncGenerator<Selector, void, undefined> {
  const { command, env } = specs.keyholder;
  const permit = path.join(folders(dataDir).keyholderSecrets, permitFile);
  writeFileSync(permit, 'benchmark\n', { mode: 0o600 });
  const child = spawn(process.execPath, ['--enable-source-maps', ...command, 'bulk-mint'], {
    env: { ...childEnvironment(), NODE_ENV: 'development', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const exited = once(child, 'exit');
  const writing = pipeline(Readable.from(planRows(plan)), child.stdin);
  for (const promise of [exited, writing]) promise.catch(() => undefined); // the stream below says it
  try {
    yield* readFrames(child.stdout, parameterSet(env['KEYHOLDER_PARAMETER_SET'] ?? '').selectorBytes);
    const [code] = (await exited) as [number | null];
    if (code !== 0) throw new Error(`bulk-mint failed: ${words.trim().split('\n').at(-1) ?? ''}`);
    await writing;
  } finally {
    child.kill('SIGKILL');
    rmSync(permit, { force: true });
  }
}

function* planRows(plan: WorldPlan): Generator<Buffer, void, undefined> {
  for (let from = 0; from < plan.uris.length; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, plan.uris.length - from);
    const rows = Buffer.allocUnsafe(count * planBytes);
    for (let i = 0; i < count; i++) {
      const { cohort, slot } = plan.positions[from + i] as WorldPlan['positions'][number];
      [cohort, slot, plan.period, plan.expiryDays[from + i] as number].forEach((value, field) =>
        rows.writeUInt32BE(value, i * planBytes + 4 * field),
      );
      rows.set(subjectOfPlan(plan, from + i), i * planBytes + 16);
    }
    yield rows;
  }
}
