import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parameterSet } from '#he';
import { initSecrets } from '../keys/secrets-folder.js';
import { autoUnseal } from '../sealing/auto-unseal.js';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { createSecretScheme } from '../secret-key/index.js';
import type { SecretScheme } from '../secret-key/index.js';
import { destroyEpochSecrets, hasEpochSecrets, makeEpochSecrets, readEpochSecrets } from './epoch-secrets.js';
import { MOST_AT_WORK, mayBegin, mayBeDestroyed, newestOf, stateOf } from './key-epoch-rules.js';
import type { KeyEpochRow } from './key-epoch-rules.js';
import { Schemes } from './schemes.js';

const row = (number: number, more: Partial<KeyEpochRow> = {}): KeyEpochRow => ({
  number,
  begunDay: 20_000,
  destroyedDay: null,
  cohorts: 8,
  positions: 0,
  lastDay: null,
  ...more,
});

describe('a key epoch', () => {
  it('is destroyed when no slot of it is anybody’s, and never while it is the newest', () => {
    expect(mayBeDestroyed(row(1), 2)).toBe(true);
    expect(mayBeDestroyed(row(1, { positions: 1, lastDay: 20_010 }), 2)).toBe(false);
    expect(mayBeDestroyed(row(1, { destroyedDay: 20_050 }), 2)).toBe(false);
    expect(mayBeDestroyed(row(2), 2)).toBe(false);
  });

  it('begins while few enough are at work', () => {
    const rows = Array.from({ length: MOST_AT_WORK }, (_, i) => row(i + 1));
    expect(mayBegin(rows)).toBe(false);
    expect(mayBegin([row(1, { destroyedDay: 20_050 }), ...rows.slice(1)])).toBe(true);
    expect([newestOf(rows), newestOf([])]).toEqual([MOST_AT_WORK, 0]);
  });

  it('says when it can go', () => {
    const at = { today: 20_020, daysUntilFree: 38 };
    expect(stateOf(row(2), 2, at)).toEqual({ number: 2, begunDay: 20_000, cohorts: 8, positions: 0, state: 'in-use' });
    const winding = stateOf(row(1, { positions: 3, lastDay: 20_010 }), 2, at);
    expect(winding).toMatchObject({ state: 'winding-down', positions: 3, freeDay: 20_048 });
    expect(stateOf(row(1), 2, at)).toMatchObject({ state: 'winding-down', freeDay: 20_020 });
    expect(stateOf(row(1, { destroyedDay: 20_011 }), 2, at)).toMatchObject({ state: 'destroyed', destroyedDay: 20_011 });
  });
});

describe('secrets of a key epoch', () => {
  let folder: string;
  let sealed: SealedFolder;
  const set = 'plain-n2048';
  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'key-epochs-'));
    await initSecrets(folder, set, { mode: 'auto' });
    sealed = new SealedFolder(folder, (await autoUnseal(folder, false)).barrier);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('come in place of what a killed attempt left, half written files included', async () => {
    const first = await makeEpochSecrets(sealed, 2, set);
    writeFileSync(path.join(folder, 'scheme-secret-2.0badc0de.tmp'), 'half', { mode: 0o600 });
    const second = await makeEpochSecrets(sealed, 2, set);
    expect(second.selectorKey.publicKey).not.toEqual(first.selectorKey.publicKey);
    expect((await readEpochSecrets(sealed, 2)).selectorKey.publicKey).toEqual(second.selectorKey.publicKey);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are gone once destroyed, and the other key epochs’ stay', async () => {
    await makeEpochSecrets(sealed, 11, set);
    await destroyEpochSecrets(sealed, 1);
    await destroyEpochSecrets(sealed, 1);
    await expect(readEpochSecrets(sealed, 1)).rejects.toThrow('has no selector-key-1');
    expect([await hasEpochSecrets(sealed, 1), await hasEpochSecrets(sealed, 11)]).toEqual([false, true]);
  });
});

describe('schemes', () => {
  const set = parameterSet('plain-n2048');
  const marked = async (log: string[], name: string): Promise<SecretScheme> => {
    const scheme = await createSecretScheme('plain-n2048');
    const { close } = scheme;
    return Object.assign(scheme, { close: () => (log.push(name), close.call(scheme)) });
  };

  it('make and open each with the secret of its own key epoch, in the order asked', async () => {
    const schemes = new Schemes(set);
    for (const keyEpoch of [1, 2]) schemes.put(keyEpoch, await createSecretScheme('plain-n2048'));
    const slots = [5, 6, 7, 8].map((slot, i) => ({ keyEpoch: 1 + (i % 2), slot }));
    const made = await schemes.encryptSelectors(slots);
    const bytes = made.map((one, i) => ({ keyEpoch: slots[i]!.keyEpoch, bytes: one }));
    expect(await schemes.openSelectors(bytes)).toEqual([5, 6, 7, 8]);
    await schemes.drop(1);
    expect([schemes.has(1), schemes.keyEpochs]).toEqual([false, [2]]);
    await expect(schemes.openSelectors(bytes)).rejects.toThrow('no such key epoch');
    await schemes.close();
  });

  it('are closed only when the calls under way have ended', async () => {
    const closed: string[] = [];
    const schemes = new Schemes(set);
    let answer!: () => void;
    const slow = Object.assign(await marked(closed, 'old'), {
      openSelectors: () => new Promise<(number | undefined)[]>((resolve) => (answer = () => resolve([3]))),
    });
    schemes.put(1, slow);
    const opening = schemes.openSelectors([{ keyEpoch: 1, bytes: new Uint8Array(16) }]);
    schemes.put(1, await marked(closed, 'new'));
    expect((await schemes.encryptSelectors([{ keyEpoch: 1, slot: 3 }])).length).toBe(1);
    expect(closed).toEqual([]);
    answer();
    expect(await opening).toEqual([3]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toEqual(['old']);
    await schemes.close();
    expect(closed).toEqual(['old', 'new']);
  });
});

describe('two secrets of real ciphertexts', () => {
  it('open nothing of each other', async () => {
    const schemes = new Schemes(parameterSet('n2048-q50-t20'));
    for (const keyEpoch of [1, 2]) schemes.put(keyEpoch, await createSecretScheme('n2048-q50-t20'));
    try {
      const [made] = await schemes.encryptSelectors([{ keyEpoch: 1, slot: 77 }]);
      const opened = await schemes.openSelectors([1, 2].map((keyEpoch) => ({ keyEpoch, bytes: made! })));
      expect(opened).toEqual([77, undefined]);
    } finally {
      await schemes.close();
    }
  }, 60_000);
});
