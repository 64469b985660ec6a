/**
 * Signed answers about a pseudonym's status (RFC 7519 in a compact JWS), each with the pseudonym's place in the status lists. Dated by
 * day; padded, so that all answers to one hub about one URI have one length, whatever they say; nothing in it says why.
 */
import { DAY_MS, statusAnswerType } from '#contracts';
import type { StatusPlace } from '#contracts';
import type { AnswerSigner } from './answer-signer.js';

/** Most digits of an index, and of a list's number at the end of its address. */
const WIDEST = { idx: '131071', list: '999999' } as const;

export interface StatusAnswer {
  /** as it was asked */
  readonly uri: string;
  readonly active: boolean;
  readonly place: StatusPlace;
  /** days since 1970 */
  readonly day: number;
}

export class StatusAnswers {
  constructor(private readonly signer: AnswerSigner) {}

  /** @param issuer what hubs know this provider by: the `aud` of their own SETs */
  sign(issuer: string, hub: string, { uri, active, place, day }: StatusAnswer): string {
    const claims = {
      iss: issuer,
      aud: hub,
      iat: (day * DAY_MS) / 1_000,
      sub_id: { format: 'uri', uri },
      active,
      status: { status_list: place },
    };
    const list = place.uri.slice(place.uri.lastIndexOf('/') + 1);
    const shorter = WIDEST.idx.length - String(place.idx).length + WIDEST.list.length - list.length + (active ? 1 : 0);
    return this.signer.sign(statusAnswerType, JSON.stringify(claims) + ' '.repeat(shorter)); // `true` is one shorter than `false`
  }
}
