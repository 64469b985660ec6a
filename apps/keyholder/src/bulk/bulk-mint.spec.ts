import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { plainSelectorSlot } from '#he';
import { readFrames, selectorFault } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import { readEpochSecrets } from '../key-epochs/epoch-secrets.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { initSecrets, openSecrets } from '../keys/secrets-folder.js';
import { autoUnseal } from '../sealing/auto-unseal.js';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { openSecretScheme } from '../secret-key/index.js';
import { bulkMint, permitFile, planBytes, requireBulkPermit } from './bulk-mint.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-bulk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
await initSecrets(folder, 'plain-n2048', { mode: 'auto' });
const sealed = new SealedFolder(folder, (await autoUnseal(folder, false)).barrier);
const keys = new KeyholderKeys(await openSecrets(sealed));
const { keyEpoch, selectorKey, scheme: secret } = await readEpochSecrets(sealed, 1);
keys.begin(keyEpoch, selectorKey);
const signer = { keyEpoch, signSelector: keys.signSelector.bind(keys) };
const scheme = await openSecretScheme('plain-n2048', secret);

function planOf(count: number): Buffer {
  const plan = Buffer.alloc(count * planBytes);
  for (let i = 0; i < count; i++) {
    [i % 7, (i * 31) % 2048, 688, 20_700].forEach((value, field) => plan.writeUInt32BE(value, i * planBytes + 4 * field));
    plan.fill(i % 251, i * planBytes + 16, (i + 1) * planBytes);
  }
  return plan;
}

async function mint(chunks: Iterable<Uint8Array>): Promise<Selector[]> {
  const selectors: Selector[] = [];
  for await (const selector of readFrames(bulkMint(chunks, signer, scheme), keys.pinned.selectorBytes)) selectors.push(selector);
  return selectors;
}

describe('minting in bulk', () => {
  it('makes one signed selector for each row of the plan, in its order, however the pipe cuts it', async () => {
    const plan = planOf(600);
    const cuts = [0, 1, 47, 48, 5_000, 13_001, plan.length];
    const selectors = await mint(cuts.slice(1).map((end, i) => plan.subarray(cuts[i], end)));
    expect(selectors).toHaveLength(600);
    expect(selectors.filter((selector) => selectorFault(keys.pinned, selector))).toEqual([]);
    expect(selectors.map(({ bytes }) => plainSelectorSlot(bytes))).toEqual(selectors.map((_, i) => (i * 31) % 2048));
    expect(selectors.map(({ cohort }) => cohort)).toEqual(selectors.map((_, i) => i % 7));
    expect(selectors[599]).toMatchObject({ period: 688, expiryDay: 20_700, subject: new Uint8Array(32).fill(599 % 251) });
    expect(new Set(selectors.map(({ selectorId }) => Buffer.from(selectorId).toString('hex'))).size).toBe(600);
  });

  it('refuses a plan that ends inside a row', async () => {
    await expect(mint([planOf(3).subarray(1)])).rejects.toThrow('ends inside a row');
  });

  it('runs only where a file says that the secrets protect nobody, and never in production', async () => {
    await expect(requireBulkPermit(folder, false)).rejects.toThrow(permitFile);
    writeFileSync(path.join(folder, permitFile), 'benchmark', { mode: 0o600 });
    await requireBulkPermit(folder, false);
    await expect(requireBulkPermit(folder, true)).rejects.toThrow('production');
  });
});
