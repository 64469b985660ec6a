/**
 * Status List Tokens (draft-ietf-oauth-status-list §5.1) by the key that signs status answers. Dated by the time of the publication, a
 * whole multiple of its period, never by when it was made; the same bytes for the same bits.
 */
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { statusListType, toBase64Url } from '#contracts';
import type { AnswerSigner } from '../hubs/answer-signer.js';

/** A provider that cannot publish is believed for so many periods. */
const PERIODS_VALID = 4;
const compress = promisify(deflate);

export class ListTokens {
  /** All lists (§9.3). */
  readonly aggregationUri: string;

  constructor(
    private readonly signer: AnswerSigner,
    /** Address under which hubs reach nyms. */
    publicUrl: string,
    readonly periodSeconds: number,
  ) {
    this.aggregationUri = `${publicUrl.replace(/\/+$/, '')}/v1/status-lists`;
  }

  uriOf = (list: number): string => `${this.aggregationUri}/${list}`;

  /** Start of the period in which `now` lies, seconds. */
  periodOf(now: Date): number {
    return Math.floor(now.getTime() / 1_000 / this.periodSeconds) * this.periodSeconds;
  }

  /** @param issuer as in status answers. @param at seconds. @param ended one bit per index */
  async sign(issuer: string, list: number, at: number, ended: Uint8Array): Promise<string> {
    const claims = {
      iss: issuer,
      sub: this.uriOf(list),
      iat: at,
      exp: at + PERIODS_VALID * this.periodSeconds,
      ttl: this.periodSeconds,
      status_list: {
        bits: 1,
        lst: toBase64Url(await compress(ended, { level: 9 })),
        aggregation_uri: this.aggregationUri,
      },
    };
    return this.signer.sign(statusListType, JSON.stringify(claims));
  }
}
