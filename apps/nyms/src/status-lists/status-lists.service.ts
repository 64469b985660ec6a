/**
 * The lists as they are served: kept in memory until the period ends, compressed once. The same bytes for everybody who asks, and nobody
 * is asked who they are.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import { Clock } from '#platform';
import { ListTokens } from './list-tokens.js';
import { StatusListsReader } from './status-lists.reader.js';

export interface ServedList {
  /** seconds */
  readonly at: number;
  readonly token: Buffer;
  readonly gzipped: Buffer;
  /** RFC 9110 §8.8.3; weak, since it stands for both encodings */
  readonly etag: string;
}

const compress = promisify(gzip);

@Injectable()
export class ServedLists {
  private readonly kept = new Map<number, Promise<ServedList>>();
  private keptAt = -1;

  constructor(
    private readonly reader: StatusListsReader,
    private readonly tokens: ListTokens,
    private readonly clock: Clock,
  ) {}

  /** @param number as in the path. @throws Problem not-found */
  async list(number: string): Promise<ServedList> {
    const at = this.tokens.periodOf(this.clock.now());
    if (this.keptAt !== at) {
      this.kept.clear();
      this.keptAt = at;
    }
    if (!/^(0|[1-9]\d{0,5})$/.test(number)) throw new Problem('not-found');
    const list = this.kept.get(Number(number)) ?? this.read(Number(number));
    this.kept.set(Number(number), list);
    try {
      const served = await list;
      if (served.at !== at) this.kept.delete(Number(number)); // the next publication is late: look again
      return served;
    } catch (error) {
      this.kept.delete(Number(number));
      throw error;
    }
  }

  /** Whole seconds until the next publication: how long an answer may be kept. */
  secondsLeft(): number {
    const now = this.clock.now();
    return Math.max(1, Math.ceil(this.tokens.periodOf(now) + this.tokens.periodSeconds - now.getTime() / 1_000));
  }

  async addresses(): Promise<string[]> {
    return Array.from({ length: await this.reader.count() }, (_, list) => this.tokens.uriOf(list));
  }

  private async read(number: number): Promise<ServedList> {
    const published = await this.reader.published(number);
    if (!published) throw new Problem('not-found');
    const token = Buffer.from(published.token);
    const etag = `W/"${createHash('sha256').update(token).digest('base64url').slice(0, 22)}"`;
    return { at: published.at, token, gzipped: await compress(token), etag };
  }
}
