import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { verify } from '#platform';
import { frame } from '#contracts';
import { KeyholderKeys } from './keyholder-keys.js';
import { readPin } from './pin.js';
import { destroySecretFile, keepSecretFile, readSecretFile, writeSecretFile } from './secret-files.js';
import { initSecrets, openSecrets } from './secrets-folder.js';

describe('the secrets folder', () => {
  let folder: string;
  const file = (name: string) => path.join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, and what is there is kept', async () => {
    const pin = await initSecrets(folder, 'plain-n2048');
    const before = readdirSync(folder).map((name) => readFileSync(file(name), 'hex'));
    expect(await initSecrets(folder, 'plain-n2048')).toEqual(pin);
    expect(readdirSync(folder).map((name) => readFileSync(file(name), 'hex'))).toEqual(before);
    expect(readPin(readFileSync(file('keyholder-public.json'), 'utf8'))).toEqual(pin);
  });

  it('is finished by the next init when one was interrupted, with the keys made so far', async () => {
    await initSecrets(folder, 'plain-n2048');
    const root = readFileSync(file('root-key.pem'), 'utf8');
    for (const name of ['keyholder-public.json', 'prf-key', 'scheme-secret']) rmSync(file(name));
    await expect(openSecrets(folder)).rejects.toThrow('has no keyholder-public.json: run init first');
    await initSecrets(folder, 'plain-n2048');
    expect(readFileSync(file('root-key.pem'), 'utf8')).toBe(root);
    expect((await openSecrets(folder)).prf).toHaveLength(32);
  });

  it('is for its owner only, and is refused when others may read it', async () => {
    await initSecrets(folder, 'plain-n2048');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect([name, statSync(file(name)).mode & 0o777]).toEqual([name, 0o600]);
    chmodSync(file('prf-key'), 0o644);
    await expect(openSecrets(folder)).rejects.toThrow('prf-key may be read by others');
  });

  it('stays with its parameter set', async () => {
    await initSecrets(folder, 'plain-n2048');
    await expect(initSecrets(folder, 'n2048-q50-t20')).rejects.toThrow('is of parameter set plain-n2048');
  });

  it('is refused when its public file belongs to other keys, or is damaged', async () => {
    await initSecrets(folder, 'plain-n2048');
    const key = readFileSync(file('root-key.pem'));
    rmSync(file('root-key.pem'));
    await keepSecretFile(file('root-key.pem'), () => readFileSync(file('selector-key.pem')));
    await expect(openSecrets(folder)).rejects.toThrow('does not belong to the keys beside it');
    await writeSecretFile(file('root-key.pem'), key);
    await openSecrets(folder);
    truncateSync(file('keyholder-public.json'), 20);
    await expect(openSecrets(folder)).rejects.toThrow();
  });

  it('gives keys that sign and do not print', async () => {
    await initSecrets(folder, 'plain-n2048');
    const { scheme: _, ...opened } = await openSecrets(folder);
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
