/**
 * A folder of the certificates of all processes: `authority/` stays where they are made, `ca.pem` goes to every machine, `<name>/` to
 * the machine of that process. Made when missing, renewed when little time is left; whoever uses a file reads it again by itself.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DAY_MS } from '#contracts';
import type { TlsFiles } from '#platform';
import { StackError } from '../stack/stack-error.js';
import { certifiedNames, certify, makeAuthority } from './authority.js';
import type { Certified, KeyAndCertificate } from './authority.js';

const AUTHORITY_DAYS = 3_650;
const DAYS = 30;
/** With so many days left a certificate is made anew. */
export const RENEW_DAYS = 10;

export interface KeptCertificate {
  readonly name: Certified;
  readonly expiresAt: Date;
  readonly was: 'made' | 'renewed' | 'kept';
}

export interface KeepOptions {
  readonly now: Date;
  /** Which; all by default. */
  readonly names?: readonly Certified[];
  /** Anew, however much time is left. */
  readonly all?: boolean;
}

/** The files of one process. */
export const tlsFilesOf = (folder: string, name: Certified): TlsFiles => ({
  tlsCertFile: path.join(folder, name, 'certificate.pem'),
  tlsKeyFile: path.join(folder, name, 'key.pem'),
  tlsCaFile: path.join(folder, 'ca.pem'),
});

/** Throws StackError when the folder cannot be written or the authority's files do not fit. */
export async function keepCertificates(
  folder: string,
  { now, names = certifiedNames, all }: KeepOptions,
): Promise<KeptCertificate[]> {
  const authority = await authorityIn(folder, now);
  const kept: KeptCertificate[] = [];
  for (const name of names) {
    const { tlsCertFile, tlsKeyFile } = tlsFilesOf(folder, name);
    const before = expiryOf(read(tlsCertFile), read(tlsKeyFile), authority);
    if (before && !all && before.getTime() - now.getTime() > RENEW_DAYS * DAY_MS) {
      kept.push({ name, expiresAt: before, was: 'kept' });
      continue;
    }
    const { key, certificate } = await certify(authority, name, { from: now, days: DAYS });
    write(tlsKeyFile, key);
    write(tlsCertFile, certificate);
    kept.push({ name, expiresAt: new X509Certificate(certificate).validToDate, was: before ? 'renewed' : 'made' });
  }
  return kept;
}

/** Those that lie here, and when they end. */
export const certificatesIn = (folder: string): { name: Certified; expiresAt: Date }[] =>
  certifiedNames.flatMap((name) => {
    const pem = read(tlsFilesOf(folder, name).tlsCertFile);
    return pem === undefined ? [] : [{ name, expiresAt: new X509Certificate(pem).validToDate }];
  });

async function authorityIn(folder: string, now: Date): Promise<KeyAndCertificate> {
  const at = { key: path.join(folder, 'authority', 'key.pem'), certificate: path.join(folder, 'authority', 'certificate.pem') };
  const known = { key: read(at.key), certificate: read(at.certificate) };
  if (known.key === undefined && known.certificate === undefined) {
    const made = await makeAuthority({ from: now, days: AUTHORITY_DAYS });
    write(at.key, made.key);
    write(at.certificate, made.certificate);
    write(path.join(folder, 'ca.pem'), made.certificate);
    return made;
  }
  if (known.key === undefined || known.certificate === undefined)
    throw new StackError(
      `${path.dirname(at.key)} holds half of an authority`,
      'restore the other file, or begin in another folder',
    );
  return { key: known.key, certificate: known.certificate };
}

/** Of a certificate of this authority with its key; undefined when there is none, or a crash left half of a new pair. */
function expiryOf(pem: string | undefined, key: string | undefined, authority: KeyAndCertificate): Date | undefined {
  if (pem === undefined || key === undefined) return undefined;
  try {
    const certificate = new X509Certificate(pem);
    const issued = certificate.verify(new X509Certificate(authority.certificate).publicKey);
    return issued && certificate.checkPrivateKey(createPrivateKey(key)) ? certificate.validToDate : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StackError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, 'give yourself read permission');
  }
}

/** Whole or not at all: a process may be reading it. */
function write(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    chmodSync(path.dirname(file), 0o700);
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new StackError(
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      'give yourself write permission',
    );
  }
}
