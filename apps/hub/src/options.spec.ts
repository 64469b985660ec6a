import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-hub-'));
const pem = (type: 'ed25519' | 'x25519') =>
  generateKeyPairSync(type as 'ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
beforeAll(() => {
  for (const name of ['hub-01', 'hub-02']) writeFileSync(path.join(folder, `${name}.pem`), pem('ed25519'));
  writeFileSync(path.join(folder, 'other.pem'), pem('x25519'));
  writeFileSync(path.join(folder, 'broken.pem'), 'no key');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line of the reference hub', () => {
  it('takes what a service of npm start has, unless told otherwise', () => {
    const options = readOptions(['--keys', folder], '.');
    expect(options).toMatchObject({
      hubs: [{ hub: 'https://hub-01.example', name: 'hub-01', key: { alg: 'EdDSA' } }],
      nyms: 'http://127.0.0.1:7402/',
      tokenEndpoint: 'http://127.0.0.1:7406/token',
      port: 7450,
      controlPort: 7451,
      poll: false,
    });
    const two = ['--', '--hub', 'https://hub-01.example', '--hub', 'https://hub-02.example', '--poll', '--port', '0'];
    expect(readOptions([...two, '--keys', '.'], folder)?.hubs.map(({ name }) => name)).toEqual(['hub-01', 'hub-02']);
    expect(readOptions(['--help'], '.')).toBeUndefined();
  });

  it.each([
    [['--hub', 'hub-01'], /--hub hub-01 is no address: write it whole/],
    [['--hub', 'https://hub-09.example'], /hub-09.pem cannot be read \(ENOENT\): npm start -- --empty/],
    [['--hub', 'https://broken.example'], /broken.pem holds no private key/],
    [['--hub', 'https://other.example'], /other.pem is no Ed25519 key/],
    [['--port', '70000'], /--port 70000 is no number from 0 to 65535/],
    [['--log-level', 'loud'], /--log-level loud is none of/],
    [['--nope'], /Unknown option '--nope'/],
  ])('says what is wrong with %j', (args, words) => {
    expect(() => readOptions(['--keys', folder, ...args], '.')).toThrow(words);
  });
});
