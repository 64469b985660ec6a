/** What a hub signs beside each message it has franked (mimi-protocol-06, "franking"; RFC 9420 §5.1.2 SignWithLabel). Bytes only. */
import { concat, utf8 } from '#contracts';
import type { Frank } from '../reports/abuse-report.js';
import { fixed, uint, uint64, utf8Vector, vector } from '../wire/wire-writer.js';

/** `ServerFrankingContext` */
export interface FrankingContext {
  readonly senderUri: string;
  readonly roomUri: string;
  readonly acceptedTimestamp: bigint;
}

/** `FrankingIntegrityTBS`: neither the franking tag nor the content is in it, so its signature says nothing about either. */
export const frankingIntegrityTbs = (
  { serverFrank, cipherSuite }: Pick<Frank, 'serverFrank' | 'cipherSuite'>,
  { senderUri, roomUri, acceptedTimestamp }: FrankingContext,
): Uint8Array =>
  concat(fixed(serverFrank, 32), uint(cipherSuite, 2), utf8Vector(senderUri), utf8Vector(roomUri), uint64(acceptedTimestamp));

/** `SignContent` of SignWithLabel. */
export const signContent = (label: string, content: Uint8Array): Uint8Array =>
  concat(vector(utf8(`MLS 1.0 ${label}`)), vector(content));

/** The bytes under `franking_integrity_signature`. */
export const frankingMessage = (frank: Pick<Frank, 'serverFrank' | 'cipherSuite'>, context: FrankingContext): Uint8Array =>
  signContent('FrankingIntegrityTBS', frankingIntegrityTbs(frank, context));
