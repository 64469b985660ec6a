/**
 * Where a hub's keys come from: inline in the signed policy, else its JWKS (RFC 7517 §5) on its own TLS name. A JWKS is cached, looked
 * at again when a token names an unknown `kid`, and never fetched more often than the floor allows, whatever forgers send. A key the
 * hub has taken out of its JWKS is gone here after `FRESH_MS`; a hub that is away keeps its keys for `STALE_MS`. A `kid` is unknown only
 * by a look that succeeded: what we could not fetch is no fault of the token.
 */
import { Problem } from '#contracts';
import type { HubEntry } from '#contracts';
import { HubKey } from './hub-key.js';
import { fetchJwks } from './jwks-fetch.js';

export type KeyedHub = Pick<HubEntry, 'id' | 'keys' | 'jwksUrl'>;

const FLOOR_MS = 30_000;
const FRESH_MS = 600_000;
const STALE_MS = 86_400_000;

export interface HubKeysOptions {
  /** Gives the keys of a JWKS address, or throws. */
  readonly fetchKeys?: (url: URL) => Promise<readonly HubKey[]>;
  /** A clock that only goes forward, ms. */
  readonly monotonicMs?: () => number;
  /** For who refuses for good: the look must be later than the token, since a hub may have changed its keys between the two. */
  readonly judgesArrivals?: boolean;
}

interface Cached {
  keys: readonly HubKey[];
  /** when the look began that brought them; undefined before the first one */
  asOf: number | undefined;
  triedAt: number;
  fetching: Promise<void> | undefined;
}

export class HubKeys {
  private readonly inline = new WeakMap<object, HubKey | null>();
  private readonly remote = new Map<string, Cached>();
  private readonly fetchKeys: (url: URL) => Promise<readonly HubKey[]>;
  private readonly monotonicMs: () => number;
  private readonly judgesArrivals: boolean;

  constructor(options: HubKeysOptions = {}) {
    const { fetchKeys = fetchJwks, monotonicMs = () => performance.now(), judgesArrivals = false } = options;
    this.fetchKeys = fetchKeys;
    this.monotonicMs = monotonicMs;
    this.judgesArrivals = judgesArrivals;
  }

  /** The key, or undefined when the hub has none of this id. @throws Problem `service-unavailable` while nobody can say. */
  keyOf(hub: KeyedHub, kid: string): HubKey | undefined | Promise<HubKey | undefined> {
    const raw = hub.keys.find((key) => key.kid === kid);
    if (raw) return this.inlineKey(raw);
    return hub.jwksUrl === undefined ? undefined : this.remoteKey(new URL(hub.jwksUrl), hub, kid);
  }

  private inlineKey(raw: HubEntry['keys'][number]): HubKey | undefined {
    let key = this.inline.get(raw);
    if (key === undefined) this.inline.set(raw, (key = HubKey.from(raw) ?? null));
    return key ?? undefined;
  }

  private async remoteKey(url: URL, hub: KeyedHub, kid: string): Promise<HubKey | undefined> {
    if (url.host !== new URL(hub.id).host) return undefined;
    const cached = this.cachedOf(url.href);
    const asked = this.monotonicMs();
    const known = () => cached.keys.find(({ jwk }) => jwk.kid === kid);
    if (ageOf(cached, asked) < FRESH_MS && known()) return known();
    if (asked - cached.triedAt >= FLOOR_MS)
      cached.fetching ??= this.refresh(url, cached).finally(() => (cached.fetching = undefined));
    await cached.fetching;
    const now = this.monotonicMs();
    const key = ageOf(cached, now) < STALE_MS ? known() : undefined;
    if (!key && !this.isTelling(cached, asked)) {
      throw new Problem('service-unavailable', { retryAfterMs: Math.max(1, cached.triedAt + FLOOR_MS - now) });
    }
    return key;
  }

  /** Does it say something that a key is not in it? */
  private isTelling({ asOf = -Infinity, triedAt }: Cached, asked: number): boolean {
    return asOf === triedAt && (asOf >= asked || !this.judgesArrivals);
  }

  private async refresh(url: URL, cached: Cached): Promise<void> {
    const began = this.monotonicMs();
    cached.triedAt = began;
    try {
      cached.keys = await this.fetchKeys(url);
      cached.asOf = began;
    } catch {
      // what we have stays good for a while; without any, the caller is told to come again
    }
  }

  /** One entry per address in the policies followed, which are few. */
  private cachedOf(href: string): Cached {
    let cached = this.remote.get(href);
    if (!cached) this.remote.set(href, (cached = { keys: [], asOf: undefined, triedAt: -Infinity, fetching: undefined }));
    return cached;
  }
}

const ageOf = ({ asOf = -Infinity }: Cached, now: number): number => now - asOf;
