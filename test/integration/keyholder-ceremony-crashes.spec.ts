/** kill −9 between any two file writes of a ceremony, and in the middle of one: what is on the disk afterwards is whole, or is begun afresh. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readShareFile, unlockShare } from '#platform';
import { initSecrets, openSecrets } from '../../apps/keyholder/src/keys/secrets-folder.js';
import { autoUnseal } from '../../apps/keyholder/src/sealing/auto-unseal.js';
import { rekey } from '../../apps/keyholder/src/sealing/ceremony/rekey.js';
import type { CeremonyRequest, LockedShare } from '../../apps/keyholder/src/sealing/ceremony/requests.js';
import { readSharedRecord } from '../../apps/keyholder/src/sealing/ceremony/seal-record.js';
import type { SharedCeremony } from '../../apps/keyholder/src/sealing/ceremony/seal-record.js';
import { openWith } from '../../apps/keyholder/src/sealing/ceremony/shares.js';
import { SealedFolder } from '../../apps/keyholder/src/sealing/sealed-folder.js';
import { ShareCollector } from '../../apps/keyholder/src/sealing/share-collector.js';

jest.setTimeout(180_000);

const dying = path.join(import.meta.dirname, '..', 'fakes', 'dying-ceremony.mjs');
const auto = { mode: 'auto' } as const;
/** Marker and five secrets come first; then shares, the seal record and the pin. */
const secretsWritten = 6;

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'ceremony-'));
  folder = path.join(parent, 'secrets');
});
afterEach(() => rmSync(parent, { recursive: true }));

const passphraseOf = (person: string) => `the passphrase of ${person}`;
const ceremony = (sharesDir: string, ...people: string[]): CeremonyRequest => ({
  mode: 'shares',
  threshold: 2,
  people: people.map((person) => ({ person, passphrase: passphraseOf(person) })),
  sharesDir: path.join(parent, sharesDir),
});

/** Runs it until it kills itself. */
function killed(job: { act: 'init' | 'rekey'; request: unknown; writes: number; torn?: boolean }): void {
  const { signal, stderr, stdout } = spawnSync(process.execPath, [dying], {
    input: JSON.stringify({ ...job, folder }),
    encoding: 'utf8',
  });
  expect({ signal, stderr, stdout }).toEqual({ signal: 'SIGKILL', stderr: '', stdout: '' });
}

/** Share files of one ceremony. */
const sharesOf = ({ ceremony: id }: Pick<SharedCeremony, 'ceremony'>, sharesDir: string): LockedShare[] =>
  readdirSync(path.join(parent, sharesDir))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readShareFile(readFileSync(path.join(parent, sharesDir, name), 'utf8')))
    .filter((file) => file.ceremony === id)
    .map((file) => ({ file, passphrase: passphraseOf(file.person) }));

/** As people do it: through the collector, then the secrets open. */
async function unseal(locked: readonly LockedShare[]): Promise<void> {
  const collector = new ShareCollector(folder);
  for (const { file, passphrase } of locked)
    await collector.present({ ceremony: file.ceremony, index: file.index, share: await unlockShare(file, passphrase) });
  const { barrier } = await collector.opened;
  expect((await openSecrets(new SealedFolder(folder, barrier))).prf).toHaveLength(32);
}

describe('an init that is killed', () => {
  it.each(Array.from({ length: secretsWritten + 1 }, (_, writes) => writes))(
    'after %i writes of secrets is begun afresh by the next one',
    async (writes) => {
      killed({ act: 'init', request: auto, writes, torn: writes % 2 === 1 });
      await expect(openSecretsAlone()).rejects.toThrow(/run it again|run init first/);
      await initSecrets(folder, 'plain-n2048', auto);
      expect((await openSecretsAlone()).prf).toHaveLength(32);
      expect(readdirSync(folder).filter((name) => /unfinished|tmp/.test(name))).toEqual([]);
    },
  );

  it.each([7, 8, 9])('after %i writes, some of them shares, gives new shares that work', async (writes) => {
    const request = ceremony('shares', 'alice', 'bob');
    killed({ act: 'init', request, writes });
    const { keyHolderId } = await initSecrets(folder, 'plain-n2048', request);
    expect(keyHolderId).toHaveLength(11);
    await unseal(sharesOf((await readSharedRecord(folder)).current, 'shares'));
  });
});

/** Three people, two of whom unseal: made once, copied for each test. */
let made: string;
let current: SharedCeremony;
let old: LockedShare[];
beforeAll(async () => {
  made = parent = mkdtempSync(path.join(os.tmpdir(), 'ceremony-made-'));
  folder = path.join(parent, 'secrets');
  await initSecrets(folder, 'plain-n2048', ceremony('shares', 'alice', 'bob', 'carol'));
  ({ current } = await readSharedRecord(folder));
  old = sharesOf(current, 'shares').slice(0, 2);
});
afterAll(() => rmSync(made, { recursive: true }));
const copyMade = () => cpSync(path.join(made, 'secrets'), folder, { recursive: true });

describe('a rekey that is killed', () => {
  const begin = () => ({ phase: 'begin', old, ceremony: ceremony('new', 'carol', 'dave') }) as const;
  beforeEach(copyMade);

  it.each([0, 1, 2])('after %i writes of its beginning leaves the record as it was', async (writes) => {
    killed({ act: 'rekey', request: begin(), writes, torn: true });
    expect(await readSharedRecord(folder)).toEqual({ v: 1, mode: 'shares', current });
  });

  it('before its last write leaves the old shares to unseal, and can be begun again', async () => {
    killed({ act: 'rekey', request: begin(), writes: 2 });
    await unseal(old);
    expect(sharesOf(await rekey(folder, begin()), 'new')).toHaveLength(2);
  });

  it('between its phases, and in the middle of the second, leaves both ways open; confirmed, only the new shares unseal', async () => {
    const next = await rekey(folder, begin());
    const shares = sharesOf(next, 'new');
    const confirm = { phase: 'confirm', shares } as const;
    killed({ act: 'rekey', request: confirm, writes: 0, torn: true });
    expect(await readSharedRecord(folder)).toEqual({ v: 1, mode: 'shares', current, pending: next });
    await unseal(old);
    await expect(unseal(shares)).rejects.toMatchObject({ code: 'share-of-other-ceremony' });
    await rekey(folder, confirm);
    expect(await readSharedRecord(folder)).toEqual({ v: 1, mode: 'shares', current: next });
    await unseal(shares);
    await expect(unseal(old)).rejects.toMatchObject({ code: 'share-of-other-ceremony' });
  });
});

describe('a rekey', () => {
  beforeEach(copyMade);

  it('refuses too few old shares, one twice, one of another ceremony, a wrong passphrase', async () => {
    const begin = (given: readonly LockedShare[]) =>
      rekey(folder, { phase: 'begin', old: [...given], ceremony: ceremony('new', 'dave', 'erin') });
    const [alice, bob] = old as [LockedShare, LockedShare];
    await expect(begin([alice])).rejects.toThrow('1 shares are too few: 2 people must take part');
    await expect(begin([alice, alice])).rejects.toThrow('the share of alice is there twice');
    const foreign = { ...bob, file: { ...bob.file, ceremony: 'A'.repeat(22) } };
    await expect(begin([alice, foreign])).rejects.toThrow('the share of bob is of another ceremony');
    await expect(begin([{ ...alice, passphrase: 'another passphrase' }])).rejects.toThrow('the share of alice did not open');
    expect(await readSharedRecord(folder)).toEqual({ v: 1, mode: 'shares', current });
  });

  it('is confirmed by all new shares or not at all, and can be cancelled', async () => {
    const next = await rekey(folder, { phase: 'begin', old, ceremony: ceremony('new', 'dave', 'erin') });
    const [dave] = sharesOf(next, 'new') as [LockedShare];
    await expect(rekey(folder, { phase: 'confirm', shares: [dave] })).rejects.toThrow(
      'every new share must be proven; missing: 2',
    );
    await expect(rekey(folder, { phase: 'confirm', shares: old })).rejects.toThrow('is of another ceremony');
    expect(await rekey(folder, { phase: 'cancel' })).toEqual(current);
    await expect(rekey(folder, { phase: 'confirm', shares: [dave] })).rejects.toThrow('no rekey was begun');
    expect((await openWith(current, await Promise.all(old.map(opened)))).toJSON()).toBe('[secret]');
  });
});

const opened = ({ file, passphrase }: LockedShare) => unlockShare(file, passphrase);
const openSecretsAlone = async () => openSecrets(new SealedFolder(folder, (await autoUnseal(folder, false)).barrier));
