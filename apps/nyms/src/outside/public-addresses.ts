/**
 * Where pushes may go: a hub names its endpoint, and must not make us call what only we can reach (request forgery). So https and names
 * that resolve to public addresses; names are looked at when they are resolved for the very connection, since they can change. Outside
 * production plain http on the loopback interface will do.
 *
 * Ranges: IANA special-purpose address registries (RFC 6890 and updates).
 */
import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { isLoopbackHttp } from '#platform';

const ipv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Everything outside global unicast, and within it what carries another address or leads nowhere. */
const globalUnicast = ['2000::', 3] as const;
const ipv6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [address, bits] of ipv4) refused.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of ipv6) refused.addSubnet(address, bits, 'ipv6');
const unicast = new BlockList();
unicast.addSubnet(...globalUnicast, 'ipv6');

/** @param address without brackets */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, 'ipv4');
  return family === 6 && unicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor() {
    super('the endpoint has no public address');
  }
}

/** Words for the receiver, or undefined when a push may be tried. What a name resolves to is seen when it is. */
export function endpointFault(text: string, production: boolean): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (!production && isLoopbackHttp(url)) return undefined;
  if (url.protocol !== 'https:') return 'must be https';
  if (url.username || url.password) return 'must hold no user or password';
  if (url.hash) return 'must have no fragment';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !isPublicAddress(host)) return 'must be a public address';
  return undefined;
}

export type Resolve = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;
const resolveAll: Resolve = (host, done) => lookup(host, { all: true }, (error, addresses) => done(error, addresses ?? []));

/** For `connect`: the public ones of a name's addresses; fails when there are none. */
export const publicLookup =
  (resolve: Resolve = resolveAll, isAllowed = isPublicAddress): LookupFunction =>
  (host, options, done) => {
    resolve(host, (error, addresses) => {
      if (error) return done(error, '', 0);
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (!first) return done(new AddressRefused(), '', 0);
      if (options.all) return done(null, [...allowed]);
      done(null, first.address, first.family);
    });
  };
