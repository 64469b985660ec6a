/** Does a selector belong to this pseudonym? Its signed subject must open to the pseudonym's salt, URI and first key (protocol.md §3). */
import { createHash } from 'node:crypto';
import { frame, labels, sameBytes } from '#contracts';
import { SelectorRefused } from './selector-refused.js';
import type { Selector } from './selector.js';

export interface SubjectOpening {
  /** 16 random bytes */
  readonly salt: Uint8Array;
  readonly uri: string;
  /** SubjectPublicKeyInfo, DER, of the key the pseudonym was minted for */
  readonly spki: Uint8Array;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** 32 bytes. As `subjectOf` of libs/tickets, which browsers run too and which is asynchronous for that; a spec compares the two. */
export const subjectOfOpening = ({ salt, uri, spki }: SubjectOpening): Uint8Array =>
  sha256(frame(labels.subject, salt, uri, sha256(spki)));

export const isSelectorOf = (selector: Pick<Selector, 'subject'>, opening: SubjectOpening): boolean =>
  sameBytes(selector.subject, subjectOfOpening(opening));

/** @throws SelectorRefused 'subject' */
export function checkSubject(selector: Pick<Selector, 'subject'>, opening: SubjectOpening, at?: number): void {
  if (!isSelectorOf(selector, opening)) throw new SelectorRefused('subject', at);
}
