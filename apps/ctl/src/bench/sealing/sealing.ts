/** Figures of the seal. A service of its own, whose key holder is given to people. */
import { readdirSync, readFileSync, rmSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBase64Url, unsealAnswer } from '#contracts';
import { readShareFile, unlockShare } from '#platform';
import { withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import type { BenchContext, Group } from '../bench-context.js';
import { until } from '../until.js';

const threshold = 3;
const people = ['alice', 'bob', 'carol', 'dave', 'erin'];
const pollMs = 5;

export const sealing: Group = {
  name: 'sealing',
  figures: ['unseal_ms'],
  async run(context) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-shares-'));
    const named = people.map((person) => ({ person, passphrase: `long enough for ${person}` }));
    const ceremony = { threshold, people: named, sharesDir: folder };
    try {
      // the witness cosigns the log; nobody else is there to ask the key holder anything
      await withBenchStack(context, { apps: ['witness'], ceremony }, async (bench) => {
        const ms: number[] = [];
        const presented = await presentations(folder);
        for (let run = 0; run < context.scale.runs; run++) ms.push(await unsealed(context, bench, presented));
        context.measurements.record('unseal_ms', ms);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Requests of as many people as are needed. */
async function presentations(folder: string): Promise<string[]> {
  const bodies: string[] = [];
  for (const name of readdirSync(folder).slice(0, threshold)) {
    const file = readShareFile(readFileSync(path.join(folder, name), 'utf8'));
    const share = await unlockShare(file, `long enough for ${file.person}`);
    bodies.push(JSON.stringify({ ceremony: file.ceremony, index: file.index, share: toBase64Url(share) }));
  }
  return bodies;
}

async function unsealed({ say }: BenchContext, { stack, signal }: BenchStack, presented: readonly string[]): Promise<number> {
  const { keyholder } = stack.processes;
  const client = stack.client('ctl', 'keyholder');
  keyholder.spawn();
  await until('the sealed key holder', { signal, seconds: 60 }, async () => (await keyholder.answers('/health/live')) === 200);
  let sealed = true;
  let begun = 0;
  for (const body of presented) {
    begun = performance.now();
    const answer = await client.request('v1/unseal', { type: 'application/json', body });
    ({ sealed } = unsealAnswer.parse(await answer.json()));
  }
  if (sealed) throw new Error('enough shares were presented and the key holder is sealed');
  const isReady = async () => {
    const answer = await client.request('health/ready').catch(() => undefined);
    await answer?.drop();
    return answer?.status === 200;
  };
  while (!(await isReady())) await sleep(pollMs, undefined, { signal });
  const ms = performance.now() - begun;
  say(`unsealed in ${ms.toFixed(0)} ms`);
  await keyholder.stop();
  return ms;
}
