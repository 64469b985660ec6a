import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#contracts';
import { TlsIdentity } from '#platform';
import { certifiedNames } from './authority.js';
import { keepCertificates, tlsFilesOf } from './certificate-folder.js';

const parent = mkdtempSync(path.join(os.tmpdir(), 'certificates-spec-'));
afterAll(() => rmSync(parent, { recursive: true }));
let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(parent, 'tls-'))));
const now = new Date();
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
const certificate = (name: (typeof certifiedNames)[number]) =>
  new X509Certificate(readFileSync(tlsFilesOf(folder, name).tlsCertFile));

describe('certificates of the processes', () => {
  it('are made for each, and good for exactly that one', async () => {
    const kept = await keepCertificates(folder, { now });
    expect(kept.map(({ name, was }) => [name, was])).toEqual(certifiedNames.map((name) => [name, 'made']));
    for (const name of certifiedNames) expect(TlsIdentity.open(name, tlsFilesOf(folder, name)).name).toBe(name);
    expect(() => TlsIdentity.open('nyms', tlsFilesOf(folder, 'ctl'))).toThrow('is the certificate of ctl, not of nyms');
  });

  it('say what they are for: to be called, to call, or both', async () => {
    await keepCertificates(folder, { now });
    const server = '1.3.6.1.5.5.7.3.1';
    const client = '1.3.6.1.5.5.7.3.2';
    const uses = Object.fromEntries(certifiedNames.map((name) => [name, certificate(name).keyUsage]));
    expect(uses).toEqual({
      keyholder: [server, client],
      registrar: [client],
      nyms: [client],
      correlator: [server, client],
      witness: [server],
      ctl: [client],
    });
    expect(certifiedNames.some((name) => certificate(name).ca)).toBe(false);
  });

  it('are good for 30 days, kept while more than 10 are left, then renewed with another key', async () => {
    const [first] = await keepCertificates(folder, { now, names: ['nyms'] });
    expect(Math.round((first!.expiresAt.getTime() - now.getTime()) / DAY_MS)).toBe(30);
    const key = readFileSync(tlsFilesOf(folder, 'nyms').tlsKeyFile, 'utf8');
    expect(await keepCertificates(folder, { now: inDays(19), names: ['nyms'] })).toMatchObject([{ was: 'kept' }]);
    expect(await keepCertificates(folder, { now: inDays(21), names: ['nyms'] })).toMatchObject([{ was: 'renewed' }]);
    expect(readFileSync(tlsFilesOf(folder, 'nyms').tlsKeyFile, 'utf8')).not.toBe(key);
    expect(await keepCertificates(folder, { now: inDays(21), names: ['nyms'], all: true })).toMatchObject([{ was: 'renewed' }]);
  });

  it('are made again when a crash left a key without its certificate', async () => {
    await keepCertificates(folder, { now });
    writeFileSync(tlsFilesOf(folder, 'nyms').tlsKeyFile, readFileSync(tlsFilesOf(folder, 'ctl').tlsKeyFile));
    const kept = await keepCertificates(folder, { now });
    expect(kept.filter(({ was }) => was !== 'kept')).toMatchObject([{ name: 'nyms', was: 'made' }]);
  });

  it('lie where nobody else can read their keys', async () => {
    await keepCertificates(folder, { now });
    const keys = [path.join(folder, 'authority', 'key.pem'), tlsFilesOf(folder, 'nyms').tlsKeyFile];
    expect(keys.map((file) => statSync(file).mode & 0o077)).toEqual([0, 0]);
  });

  it('are not made by half an authority', async () => {
    await keepCertificates(folder, { now });
    rmSync(path.join(folder, 'authority', 'key.pem'));
    await expect(keepCertificates(folder, { now })).rejects.toThrow('holds half of an authority');
  });
});
