/**
 * Where a hub's keys come from: inline in the signed policy, else its JWKS (RFC 7517 §5) on its own TLS name. A JWKS is cached, looked
 * at again when a token names an unknown `kid`, and never fetched more often than the floor allows, whatever forgers send. A key the
 * hub has taken out of its JWKS is gone here after `FRESH_MS`; a hub that is away keeps its keys for `STALE_MS`.
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
}

interface Cached {
  keys: readonly HubKey[];
  /** when the keys were last got; undefined before the first time */
  gotAt: number | undefined;
  triedAt: number;
  fetching: Promise<void> | undefined;
}

export class HubKeys {
  private readonly inline = new WeakMap<object, HubKey | null>();
  private readonly remote = new Map<string, Cached>();
  private readonly fetchKeys: (url: URL) => Promise<readonly HubKey[]>;
  private readonly monotonicMs: () => number;

  constructor({ fetchKeys = fetchJwks, monotonicMs = () => performance.now() }: HubKeysOptions = {}) {
    this.fetchKeys = fetchKeys;
    this.monotonicMs = monotonicMs;
  }

  /** The key, or undefined when the hub has none of this id. @throws Problem `service-unavailable` while its JWKS cannot be had. */
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
    const now = this.monotonicMs();
    const age = cached.gotAt === undefined ? Infinity : now - cached.gotAt;
    const known = () => cached.keys.find(({ jwk }) => jwk.kid === kid);
    if (age < FRESH_MS && known()) return known();
    if (now - cached.triedAt >= FLOOR_MS)
      cached.fetching ??= this.refresh(url, cached).finally(() => (cached.fetching = undefined));
    await cached.fetching;
    if (cached.gotAt === undefined || this.monotonicMs() - cached.gotAt >= STALE_MS) {
      throw new Problem('service-unavailable', { retryAfterMs: FLOOR_MS });
    }
    return known();
  }

  private async refresh(url: URL, cached: Cached): Promise<void> {
    cached.triedAt = this.monotonicMs();
    try {
      cached.keys = await this.fetchKeys(url);
      cached.gotAt = this.monotonicMs();
    } catch {
      // what we have stays good for a while; without any, the caller is told to come again
    }
  }

  /** One entry per address in the policies followed, which are few. */
  private cachedOf(href: string): Cached {
    let cached = this.remote.get(href);
    if (!cached) this.remote.set(href, (cached = { keys: [], gotAt: undefined, triedAt: -Infinity, fetching: undefined }));
    return cached;
  }
}
