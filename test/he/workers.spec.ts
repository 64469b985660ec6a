/** Worker threads: thrown away after any exception and after N operations, never under an open fold. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { openScheme, parameterSets, workerEntry, WorkerPool } from '#he';
import { BfvScheme } from '../../libs/he/src/seal/bfv-scheme.js';
import type { FoldMethods } from '../../libs/he/src/seal/fold-methods.js';
import { createSecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import { foldAll, type Entry } from './pair.js';

const set = parameterSets['n2048-q50-t20'];
const entry = workerEntry(new URL('../../libs/he/src/open-scheme.ts', import.meta.url).href, './seal/fold.worker');
const opened: { close(): Promise<void> }[] = [];

async function openPool(threads: number, operationsPerWorker: number) {
  const workerData = () => ({ setName: set.name, maxAccumulators: 16 });
  const { pool, greeting } = await WorkerPool.open<FoldMethods>({ entry, threads, operationsPerWorker, workerData });
  opened.push(pool);
  return { pool, scheme: new BfvScheme(set, greeting, pool) };
}

async function makeEntries(count: number): Promise<Entry[]> {
  const secret = await createSecretScheme(set.name as 'n2048-q50-t20');
  opened.push(secret);
  const selectors = await secret.encryptSelectors(Array.from({ length: count }, (_, i) => i));
  return selectors.map((selector, i) => ({ selector, terms: [{ hub: 0, weight: 1 + (i % 3) }] }));
}

/** Makes SEAL throw inside the worker: a constant of t, so 0, which the scheme itself would refuse. */
async function breakWorker(pool: WorkerPool<FoldMethods>, { selector }: Entry): Promise<void> {
  const lease = await pool.lease();
  const selectors = Uint8Array.from(selector);
  await lease.call('open', { fold: 9999 });
  await lease.call('add', { fold: 9999, selectors, terms: Uint32Array.of(0, 0, set.plainModulus) });
  await expect(lease.call('finish', { fold: 9999 })).rejects.toMatchObject({
    name: 'WorkerLost',
    reason: 'WebAssembly.Exception',
  });
  await expect(lease.call('abandon', { fold: 9999 })).rejects.toMatchObject({ name: 'WorkerLost' });
  lease.release();
}

const bytesOf = (sums: Map<number, Uint8Array>) => Buffer.from(sums.get(0) as Uint8Array).toString('base64');

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

describe('fold workers', () => {
  it('are replaced after an exception in SEAL, and the fold can be run again', async () => {
    const entries = await makeEntries(6);
    const { pool, scheme } = await openPool(1, 1000);
    const before = bytesOf(await foldAll(scheme, entries));
    const caught = await scheme.openFold();
    await caught.add({ selectors: entries[0]!.selector.slice(), terms: [[{ hub: 0, weight: 1 }]] });
    await breakWorker(pool, entries[0] as Entry);
    await expect(caught.finish()).rejects.toMatchObject({ name: 'WorkerLost' });
    await caught.abandon();
    expect(bytesOf(await foldAll(scheme, entries))).toBe(before);
    expect(pool.started).toBe(2);
  });

  it('are replaced many times over', async () => {
    const [entry] = await makeEntries(1);
    const { pool } = await openPool(1, 1000);
    for (let i = 0; i < 5; i++) await breakWorker(pool, entry as Entry);
    expect(pool.started).toBe(6);
  });

  it('leave the other worker and its fold alone when one dies', async () => {
    const entries = await makeEntries(4);
    const { pool, scheme } = await openPool(2, 1000);
    const safe = await scheme.openFold();
    await breakWorker(pool, entries[0] as Entry);
    for (const { selector, terms } of entries) await safe.add({ selectors: selector.slice(), terms: [terms] });
    const kept = bytesOf(await safe.finish());
    expect(bytesOf(await foldAll(scheme, entries))).toBe(kept);
  });

  it('are replaced after N operations, with no change in the bytes', async () => {
    const entries = await makeEntries(6);
    const { pool, scheme } = await openPool(1, 6);
    const first = bytesOf(await foldAll(scheme, entries));
    for (let i = 0; i < 3; i++) expect(bytesOf(await foldAll(scheme, entries))).toBe(first);
    expect(pool.started).toBe(5);
  });

  it('that are worn out still finish the folds that are open on them', async () => {
    const entries = await makeEntries(4);
    const { pool, scheme } = await openPool(1, 2);
    const early = await scheme.openFold();
    await early.add({ selectors: entries[0]!.selector.slice(), terms: [entries[0]!.terms] });
    await foldAll(scheme, entries);
    expect(pool.started).toBe(2);
    for (const { selector, terms } of entries.slice(1)) await early.add({ selectors: selector.slice(), terms: [terms] });
    expect(bytesOf(await early.finish())).toBe(bytesOf(await foldAll(scheme, entries)));
  });

  it('reject an open fold when the scheme is closed, and take no new one', async () => {
    const scheme = await openScheme('n2048-q50-t20', { threads: 1 });
    const fold = await scheme.openFold();
    await scheme.close();
    await expect(fold.finish()).rejects.toMatchObject({ name: 'SchemeClosed' });
    await expect(scheme.openFold()).rejects.toMatchObject({ name: 'SchemeClosed' });
  });

  it('that cannot start reject the opening, and do not spin', async () => {
    const options = {
      entry,
      threads: 1,
      operationsPerWorker: 1,
      workerData: () => ({ setName: 'plain-n2048', maxAccumulators: 1 }),
    };
    await expect(WorkerPool.open(options)).rejects.toMatchObject({ name: 'WorkerLost', cause: { message: 'not a BFV set' } });
  });

  it('tell which build computes: version of node-seal and digest of its wasm', async () => {
    const { scheme } = await openPool(1, 1);
    expect(scheme.buildId).toMatch(/^node-seal\/7\.\d+\.\d+\+[0-9a-f]{16}$/);
  });

  it('take ownership of a selector buffer, but copy a view of a larger one', async () => {
    const [first] = await makeEntries(1);
    const { scheme } = await openPool(1, 100);
    const frame = new Uint8Array(set.selectorBytes + 8);
    frame.set(first!.selector, 8);
    const whole = first!.selector.slice();
    const fold = await scheme.openFold();
    const terms = [[{ hub: 0, weight: 1 }]];
    await fold.add({ selectors: frame.subarray(8), terms });
    await fold.add({ selectors: whole, terms });
    await fold.abandon();
    expect([frame.length, whole.length]).toEqual([set.selectorBytes + 8, 0]);
  });
});
