import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { verify } from '#platform';
import { frame } from '#contracts';
import { autoUnseal } from '../sealing/auto-unseal.js';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { readEpochSecrets } from '../key-epochs/epoch-secrets.js';
import { KeyholderKeys } from './keyholder-keys.js';
import { readPin } from './pin.js';
import { destroySecretFile, readSecretFile, writeSecretFile } from './secret-files.js';
import { initSecrets, openSecrets } from './secrets-folder.js';

const auto = { mode: 'auto' } as const;

describe('the secrets folder', () => {
  let folder: string;
  const file = (name: string) => path.join(folder, name);
  const sealed = async () => new SealedFolder(folder, (await autoUnseal(folder, false)).barrier);
  const open = async () => openSecrets(await sealed());
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, and what is there is kept', async () => {
    const pin = await initSecrets(folder, 'plain-n2048', auto);
    const before = readdirSync(folder).map((name) => readFileSync(file(name), 'hex'));
    expect(await initSecrets(folder, 'plain-n2048', auto)).toEqual(pin);
    expect(readdirSync(folder).map((name) => readFileSync(file(name), 'hex'))).toEqual(before);
    expect(readPin(readFileSync(file('keyholder-public.json'), 'utf8'))).toEqual(pin);
  });

  it('holds no key in the open', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    const { root, prf, baseline } = await open();
    const { selectorKey: selector, scheme } = await readEpochSecrets(await sealed(), 1);
    const onDisk = Buffer.concat(readdirSync(folder).map((name) => readFileSync(file(name))));
    for (const key of [prf, baseline, scheme, ...[root, selector].map((key) => Buffer.from(key.toPem()))])
      expect(onDisk.includes(Buffer.from(key))).toBe(false);
  });

  it('is begun afresh when an init was interrupted, and nothing of it is used before', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    const root = readFileSync(file('root-key'), 'hex');
    writeFileSync(file('init-unfinished'), '', { mode: 0o600 });
    await expect(open()).rejects.toThrow('init was interrupted');
    await initSecrets(folder, 'plain-n2048', auto);
    expect(readFileSync(file('root-key'), 'hex')).not.toBe(root);
    expect(readdirSync(folder)).not.toContain('init-unfinished');
    expect((await open()).prf).toHaveLength(32);
  });

  it('is never made again over secrets whose pin is lost', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    rmSync(file('keyholder-public.json'));
    await expect(initSecrets(folder, 'plain-n2048', auto)).rejects.toThrow('put the pin back');
    await expect(open()).rejects.toThrow('has no keyholder-public.json: run init first');
    expect(readdirSync(folder)).toContain('scheme-secret-1');
  });

  it('is for its owner only, and is refused when others may read it', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect([name, statSync(file(name)).mode & 0o777]).toEqual([name, 0o600]);
    chmodSync(file('prf-key'), 0o644);
    await expect(open()).rejects.toThrow('prf-key may be read by others');
  });

  it('stays with its parameter set and its mode', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    await expect(initSecrets(folder, 'n2048-q50-t20', auto)).rejects.toThrow('is of parameter set plain-n2048');
    const people = ['a', 'b'].map((person) => ({ person, passphrase: 'twelve letters' }));
    const shares = { mode: 'shares', threshold: 2, people, sharesDir: file('none') } as const;
    await expect(initSecrets(folder, 'plain-n2048', shares)).rejects.toThrow('sealed in the other mode, auto');
  });

  it('is refused when a file was changed, swapped for another, or is of another folder', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    const kept = readFileSync(file('prf-key'));
    const flipped = Buffer.from(kept);
    flipped[20]! ^= 1;
    writeFileSync(file('prf-key'), flipped);
    await expect(open()).rejects.toThrow('prf-key is damaged');
    copyFileSync(file('baseline-key'), file('prf-key'));
    await expect(open()).rejects.toThrow('prf-key is damaged');
    writeFileSync(file('prf-key'), kept);
    await open();
    truncateSync(file('keyholder-public.json'), 20);
    await expect(open()).rejects.toThrow();
  });

  it('says of a damaged seal record that it is damaged, before anybody is asked for a share', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    const record = readFileSync(file('seal.json'), 'utf8');
    writeFileSync(
      file('seal.json'),
      record.replace(/"wrapped": "./, (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`),
    );
    await expect(open()).rejects.toThrow('seal.json is damaged');
  });

  it('opens itself in development only', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    await expect(autoUnseal(folder, true)).rejects.toThrow('never runs in production');
  });

  it('gives keys that sign and do not print', async () => {
    await initSecrets(folder, 'plain-n2048', auto);
    const opened = await open();
    const keys = new KeyholderKeys(opened);
    expect(verify(keys.rootKey, frame('a label', 1), keys.sign('a label', 1))).toBe(true);
    const printed = `${inspect(keys, { depth: 9, showHidden: true })} ${JSON.stringify(keys)}`;
    for (const secret of [opened.prf, opened.baseline]) {
      expect(printed).not.toContain(Buffer.from(secret).toString('hex'));
      expect(printed).not.toContain([...secret].join(','));
    }
    expect(keys.pinned).toMatchObject({ keyHolderId: keys.keyHolderId, selectorBytes: 16 });
  });
});

describe('secret files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are replaced whole and leave nothing behind', async () => {
    const file = path.join(folder, 'key');
    await writeSecretFile(file, 'one');
    await writeSecretFile(file, 'two');
    expect(Buffer.from((await readSecretFile(file))!).toString()).toBe('two');
    await destroySecretFile(file);
    expect(readdirSync(folder)).toEqual([]);
    expect(await readSecretFile(file)).toBeUndefined();
  });
});
