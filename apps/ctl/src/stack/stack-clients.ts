/** The launcher in the place of any process: its calls to another, with its certificate. And the renewal of all certificates while it runs. */
import { ServiceClient, TlsIdentity } from '#platform';
import type { Certified } from '../certificates/authority.js';
import { keepCertificates, tlsFilesOf } from '../certificates/certificate-folder.js';
import type { InternalName } from './app-specs.js';

export interface StackClients {
  between(as: Certified, to: InternalName): ServiceClient;
  close(): Promise<void>;
}

/** Often enough for certificates that are renewed days before their end. */
const RENEW_MS = 6 * 3_600_000;

/** @param tls folder of the certificates */
export function stackClients(tls: string, urls: Readonly<Record<InternalName, string>>): StackClients {
  const identities = new Map<Certified, TlsIdentity>();
  const clients = new Map<string, ServiceClient>();
  const identity = (name: Certified): TlsIdentity => {
    const known = identities.get(name) ?? TlsIdentity.open(name, tlsFilesOf(tls, name));
    if (!identities.has(name)) known.watch(() => undefined);
    identities.set(name, known);
    return known;
  };
  // what cannot be written now is tried again, and `doctor` says how long the certificates are good
  const renewal = setInterval(() => void keepCertificates(tls, { now: new Date() }).catch(() => undefined), RENEW_MS).unref();
  return {
    between(as, to) {
      const key = `${as} ${to}`;
      const client = clients.get(key) ?? new ServiceClient(urls[to], to, identity(as));
      clients.set(key, client);
      return client;
    },
    async close() {
      clearInterval(renewal);
      for (const one of identities.values()) one.close();
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
