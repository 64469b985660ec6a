/** Status lists as the provider publishes them: each fetched once per publication, verified, and kept for as long as it says. */
import type { JWTVerifyGetKey } from 'jose';
import { statusListMediaType } from '#contracts';
import { StatusListRefused, StatusUnavailable } from '../errors.js';
import { readStatusList, statusIn } from './read-list.js';
import type { StatusList } from './read-list.js';

/** When the next publication is late: pause between looks for it. */
const LOOK_MS = 5_000;
/** Of a token: base64url of a compressed list, and room. */
const MOST_TOKEN_BYTES = 8 * 1_048_576;

export interface ListSource {
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
}

interface Kept {
  readonly list: StatusList;
  /** milliseconds */
  readonly askedAt: number;
}

export class KeptLists {
  private readonly kept = new Map<string, Kept>();
  private readonly asking = new Map<string, Promise<StatusList>>();

  constructor(private readonly source: ListSource) {}

  /** @throws StatusListRefused, StatusUnavailable */
  async statusAt(uri: string, index: number): Promise<number> {
    const list = await this.list(uri);
    try {
      return statusIn(list, index);
    } catch (error) {
      throw new StatusListRefused(uri, { cause: error });
    }
  }

  /** One that has not expired serves while the provider cannot be reached. */
  private async list(uri: string): Promise<StatusList> {
    const kept = this.kept.get(uri);
    const now = this.source.now().getTime();
    if (kept && (now < (kept.list.issuedAt + kept.list.ttl) * 1_000 || now < kept.askedAt + LOOK_MS)) return kept.list;
    try {
      return await this.ask(uri);
    } catch (error) {
      if (error instanceof StatusUnavailable && kept && now < kept.list.expiresAt * 1_000) return kept.list;
      throw error;
    }
  }

  private ask(uri: string): Promise<StatusList> {
    const asking = this.asking.get(uri) ?? this.fetched(uri).finally(() => this.asking.delete(uri));
    this.asking.set(uri, asking);
    return asking;
  }

  private async fetched(uri: string): Promise<StatusList> {
    const { keys, issuer, now } = this.source;
    const token = await this.token(uri);
    try {
      const list = await readStatusList(token, { uri, keys, algorithms: ['EdDSA'], issuer, now: now() });
      const before = this.kept.get(uri)?.list;
      if (before && list.issuedAt < before.issuedAt) throw new Error('an older list than before');
      this.kept.set(uri, { list, askedAt: now().getTime() });
      return list;
    } catch (error) {
      throw new StatusListRefused(uri, { cause: error });
    }
  }

  private async token(uri: string): Promise<string> {
    const { fetch, timeoutMs } = this.source;
    try {
      const response = await fetch(new URL(uri), {
        headers: { accept: statusListMediaType },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      if (Number(response.headers.get('content-length') ?? 0) > MOST_TOKEN_BYTES) throw new Error('too long');
      const token = await response.text();
      if (token.length > MOST_TOKEN_BYTES) throw new Error('too long');
      return token;
    } catch (error) {
      throw new StatusUnavailable('no status list', { cause: error });
    }
  }
}
