/** `ctl keys init` and `ctl keys rekey` as people run them on the key holder's machine, in production, with passphrases in files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { certifiedNames } from '../../apps/ctl/src/certificates/authority.js';
import { ctlAt } from './ctl.js';
import { readSharedRecord } from '../../apps/keyholder/src/sealing/ceremony/seal-record.js';

jest.setTimeout(240_000);

describe('a ceremony', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'ceremony-'));
    mkdirSync(path.join(folder, 'words'));
    for (const person of ['alice', 'bob', 'carol']) writeFileSync(path.join(folder, 'words', person), `six words of ${person}\n`);
    writeFileSync(path.join(folder, 'words', 'dave'), 'too short\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Paths count from the folder it is typed in. */
  const keys = ctlAt(() => ({ cwd: folder }));
  const ctl = (...args: string[]) => keys('keys', ...args);
  const init = (...people: string[]) =>
    ctl(
      'init',
      '--secrets',
      'secrets',
      '--shares',
      'shares',
      '--threshold',
      '2',
      '--passphrases',
      'words',
      '--people',
      ...people,
    );
  const files = (of: string) => readdirSync(path.join(folder, of)).map((name) => path.join(of, name));
  const record = () => readSharedRecord(path.join(folder, 'secrets'));

  it('is not held with a short passphrase, a name that is no file name, one person twice, or shares beside the secrets', async () => {
    expect((await init('alice', 'dave')).output).toContain('the passphrase of dave is too short: choose 12 characters');
    expect((await init('alice')).output).toContain('2 of 1 shares cannot be');
    expect((await init('alice', 'bob', 'alice')).output).toContain('two people have one name');
    const beside = ['init', '--secrets', 'secrets', '--shares', 'secrets/shares', '--threshold', '2', '--passphrases', 'words'];
    expect(await ctl(...beside, '--people', 'alice', 'bob')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^nymtally: the key holder did not do it \(the shares need another folder .*\n$/),
    });
  });

  it('makes a locked file for each person, for its owner only', async () => {
    const { code, output } = await init('alice', 'bob', 'carol');
    expect(output).toMatch(/^key holder \S{11}: secrets in .*secrets.*\nshares in .*shares: .*; 2 of them unseal it\n$/);
    expect(code).toBe(0);
    const shares = files('shares');
    expect(shares).toHaveLength(3);
    for (const file of shares) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
    const { ceremony } = (await record()).current;
    for (const file of shares)
      expect(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))).toMatchObject({ ceremony, threshold: 2 });
  });

  it('is held once: run again it keeps what is there', async () => {
    const before = await record();
    expect((await init('alice', 'bob', 'carol')).code).toBe(0);
    expect(await record()).toEqual(before);
    expect(files('shares')).toHaveLength(3);
  });

  it('makes the certificates of the processes when asked for them, and keeps those that are good', async () => {
    const again = () =>
      ctl(
        ...['init', '--secrets', 'secrets', '--shares', 'shares', '--threshold', '2', '--passphrases', 'words'],
        ...['--certificates', 'tls', '--people', 'alice', 'bob', 'carol'],
      );
    const first = await again();
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('authority/ stays here')]);
    expect(readdirSync(path.join(folder, 'tls')).sort()).toEqual([...certifiedNames, 'authority', 'ca.pem'].sort());
    const certificate = () => readFileSync(path.join(folder, 'tls', 'nyms', 'certificate.pem'), 'utf8');
    const made = certificate();
    expect((await again()).code).toBe(0);
    expect(certificate()).toBe(made);
  });

  it('is followed by a rekey in two phases', async () => {
    const { current } = await record();
    const common = ['--secrets', 'secrets', '--passphrases', 'words'];
    const begin = [
      'rekey',
      'begin',
      ...common,
      '--old-passphrases',
      'words',
      '--shares',
      'new',
      '--threshold',
      '2',
      '--people',
      'bob',
      'carol',
    ];
    const [first, second] = files('shares') as [string, string];
    expect((await ctl(...begin, '--old', first)).output).toContain('1 shares are too few: 2 people must take part');
    expect(await ctl(...begin, '--old', first, second)).toMatchObject({
      code: 0,
      output: expect.stringContaining('the old ones still unseal'),
    });
    expect((await record()).current).toEqual(current);
    expect((await ctl('rekey', 'confirm', files('new')[0]!, ...common)).output).toContain('every new share must be proven');
    expect(await ctl('rekey', 'confirm', ...files('new'), ...common)).toMatchObject({
      code: 0,
      output: expect.stringContaining('2 of 2 new shares proven: 2 of them unseal from now on'),
    });
    expect((await record()).current.ceremony).not.toBe(current.ceremony);
    expect((await ctl('rekey', 'cancel', '--secrets', 'secrets')).output).toContain('no rekey was begun');
  });
});
