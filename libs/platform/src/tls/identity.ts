/**
 * Who this process is towards the others: its credentials from files, read again when they change. A new certificate serves new
 * connections; those that are open go on. What does not fit as a whole is not taken, and the old one stays in use.
 *
 * Certificates live in real time: this reads the system's clock, which no setting moves.
 */
import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { StartError } from '../http/start-error.js';
import { nameIn } from './certificate-name.js';
import { checkCredentials, CredentialFault, isIssuedBy, isValidAt } from './credentials.js';
import type { Credentials, CredentialTexts } from './credentials.js';

export interface TlsFiles {
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
  readonly tlsCaFile: string;
}

/** Files are looked at so often; watching by inotify misses mounts and swapped links. */
const LOOK_MS = 1_000;
const settings = { cert: 'TLS_CERT_FILE', key: 'TLS_KEY_FILE', ca: 'TLS_CA_FILE' } as const;

/** Told what became of changed files: words without their content. */
export type TlsReport =
  { readonly event: 'renewed'; readonly expiresAt: Date } | { readonly event: 'refused'; readonly reason: string };

export class TlsIdentity {
  private readonly listeners = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private seen: string;

  private constructor(
    readonly name: string,
    private readonly files: TlsFiles,
    private current: Credentials,
  ) {
    this.seen = digestOf(current);
  }

  /** @param name of this process, as its certificate must have it. @throws StartError with one line that names the setting */
  static open(name: string, files: TlsFiles): TlsIdentity {
    try {
      return new TlsIdentity(name, files, checkCredentials(name, readAll(files), new Date()));
    } catch (error) {
      throw new StartError(`${name.toUpperCase()}_${wordsOf(error)}`);
    }
  }

  /** For node:tls, on either side. */
  get context() {
    const { cert, key, ca } = this.current;
    return { cert, key, ca, minVersion: 'TLSv1.3' } as const;
  }

  get expiresAt(): Date {
    return this.current.expiresAt;
  }

  /** Changes when the authorities do: whom they vouched for must be asked again. */
  get authorities(): readonly X509Certificate[] {
    return this.current.authorities;
  }

  /** Whose certificate this is, when one of our authorities has issued it and it is valid now. */
  ownerOf(certificate: X509Certificate): string | undefined {
    const good = isValidAt(certificate, new Date()) && isIssuedBy(certificate, this.current.authorities);
    return good ? nameIn(certificate.subjectAltName) : undefined;
  }

  /** @returns what ends it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Looks at the files from now on, until `close`. Never keeps the process alive. */
  watch(report: (report: TlsReport) => void): void {
    const next = () => (this.timer = setTimeout(() => void this.look(report).then(next), LOOK_MS).unref());
    this.timer ??= next();
  }

  /** Takes what changed. Reports each state of the files once. */
  async look(report: (report: TlsReport) => void = () => undefined): Promise<void> {
    try {
      const { tlsCertFile, tlsKeyFile, tlsCaFile } = this.files;
      const [cert, key, ca] = await Promise.all([tlsCertFile, tlsKeyFile, tlsCaFile].map((file) => readFile(file, 'utf8')));
      this.take({ cert: cert!, key: key!, ca: ca! }, report);
    } catch (error) {
      this.refuse(wordsOf(error), report);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private take(texts: CredentialTexts, report: (report: TlsReport) => void): void {
    const digest = digestOf(texts);
    if (digest === this.seen) return;
    this.current = checkCredentials(this.name, texts, new Date());
    this.seen = digest;
    for (const listener of this.listeners) listener();
    report({ event: 'renewed', expiresAt: this.current.expiresAt });
  }

  private refuse(reason: string, report: (report: TlsReport) => void): void {
    if (reason === this.seen) return;
    this.seen = reason;
    report({ event: 'refused', reason });
  }
}

const digestOf = ({ cert, key, ca }: CredentialTexts): string =>
  createHash('sha256').update([cert, key, ca].join('\0')).digest('base64');

function readAll(files: TlsFiles): CredentialTexts {
  const read = (what: keyof CredentialTexts, file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw new CredentialFault(what, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  return { cert: read('cert', files.tlsCertFile), key: read('key', files.tlsKeyFile), ca: read('ca', files.tlsCaFile) };
}

const wordsOf = (error: unknown): string =>
  error instanceof CredentialFault
    ? `${settings[error.what]} ${error.message}`
    : `TLS files cannot be read (${(error as NodeJS.ErrnoException).code ?? 'fault'})`;
