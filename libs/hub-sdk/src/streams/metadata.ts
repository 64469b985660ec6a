/** Where a provider's transmitter has its endpoints: `/.well-known/ssf-configuration` (SSF 1.0 §7). */
import { z } from 'zod';
import { StreamUnavailable } from '../errors.js';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** https; or this machine itself, while developing. */
const endpoint = z.url().refine((text) => {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
}, 'must be https');

/** What a hub needs of any transmitter's metadata; members that it does not need are ignored. */
const providerMetadata = z.object({
  issuer: endpoint,
  jwks_uri: endpoint,
  configuration_endpoint: endpoint,
  status_endpoint: endpoint.optional(),
  add_subject_endpoint: endpoint.optional(),
  remove_subject_endpoint: endpoint.optional(),
  verification_endpoint: endpoint.optional(),
});
export type ProviderMetadata = z.output<typeof providerMetadata>;

/** The path of an issuer comes behind the well-known name (SSF 1.0 §7.2). */
export function metadataUrl(issuer: string): URL {
  const url = new URL(issuer);
  const path = url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '');
  url.pathname = `/.well-known/ssf-configuration${path}`;
  return url;
}

export interface DiscoverOptions {
  /** Where the metadata is, when that is not the issuer's own address. */
  readonly at?: string | URL;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** @throws StreamUnavailable: no metadata, or that of somebody else */
export async function discover(issuer: string, options: DiscoverOptions = {}): Promise<ProviderMetadata> {
  const { at = issuer, fetch = globalThis.fetch, timeoutMs = 10_000 } = options;
  try {
    const response = await fetch(metadataUrl(String(at)), {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const metadata = providerMetadata.parse(await response.json());
    if (metadata.issuer !== issuer) throw new Error('the metadata is of another issuer');
    return metadata;
  } catch (error) {
    throw new StreamUnavailable(`no metadata of ${issuer}`, { cause: error });
  }
}
