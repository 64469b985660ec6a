/** Certificates of all processes, of an authority of the test's own, and both ends of a connection that uses them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ServiceClient, TlsIdentity } from '#platform';
import type { TlsFiles } from '#platform';
import { certify, makeAuthority } from '../../apps/ctl/src/certificates/authority.js';
import type { Certified, KeyAndCertificate } from '../../apps/ctl/src/certificates/authority.js';
import { keepCertificates, tlsFilesOf } from '../../apps/ctl/src/certificates/certificate-folder.js';

export class TestCertificates {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), 'certificates-'));
  private readonly clients = new Map<string, ServiceClient>();
  private readonly identities: TlsIdentity[] = [];

  static async open(): Promise<TestCertificates> {
    const certificates = new TestCertificates();
    await keepCertificates(certificates.folder, { now: new Date() });
    return certificates;
  }

  files(name: Certified): TlsFiles {
    return tlsFilesOf(this.folder, name);
  }

  /** Anew, of the same authority. */
  async renew(...names: readonly Certified[]): Promise<void> {
    await keepCertificates(this.folder, { now: new Date(), names, all: true });
  }

  identity(name: Certified): TlsIdentity {
    const identity = TlsIdentity.open(name, this.files(name));
    this.identities.push(identity);
    return identity;
  }

  /** One for each caller and address. */
  client(as: Certified, to: string, url: string): ServiceClient {
    const key = `${as} ${to} ${url}`;
    const client = this.clients.get(key) ?? new ServiceClient(url, to, this.identity(as));
    this.clients.set(key, client);
    return client;
  }

  /** A process of ours that asks every caller for a certificate of this authority, listening. */
  async serve(as: Certified, listener: RequestListener): Promise<{ server: Server; url: string }> {
    const options = { ...this.identity(as).context, requestCert: true, rejectUnauthorized: true };
    const server = createServer(options, listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
    for (const identity of this.identities) identity.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Certificates at will: expired, of other authorities, of two that change places. */
export class LooseCertificates {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), 'loose-certificates-'));

  authority(): Promise<KeyAndCertificate> {
    return makeAuthority({ from: new Date(), days: 100 });
  }

  certificate(
    authority: KeyAndCertificate,
    name: Certified,
    lifetime: { from?: Date; days?: number } = {},
  ): Promise<KeyAndCertificate> {
    return certify(authority, name, { from: new Date(), days: 30, ...lifetime });
  }

  /** As a process is configured with. Writing again is what a rotation does. */
  write(name: string, { key, certificate }: KeyAndCertificate, authorities: readonly KeyAndCertificate[]): TlsFiles {
    const files = tlsFilesOf(path.join(this.folder, name), 'ctl');
    mkdirSync(path.dirname(files.tlsCertFile), { recursive: true });
    writeFileSync(files.tlsKeyFile, key);
    writeFileSync(files.tlsCertFile, certificate);
    writeFileSync(files.tlsCaFile, authorities.map((one) => one.certificate).join('\n'));
    return files;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
