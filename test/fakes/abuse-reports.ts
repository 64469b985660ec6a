/** MIMI AbuseReports for tests, as a hub makes them: franked messages, signed with its franking key when it has one. */
import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { toBase64Url } from '#contracts';
import { encodeAbuseReport, frankingMessage } from '#mimi';
import type { AbusiveMessage, FrankingContext } from '#mimi';

/** Base64url, one message a frank; nobody signed them. */
export const reportWith = (franks: readonly number[], allegedAbuserUri: string): string =>
  reportOf(
    allegedAbuserUri,
    franks.map((mark) => ({
      messageContent: new Uint8Array(),
      frank: { serverFrank: new Uint8Array(32).fill(mark), cipherSuite: 1, integritySignature: new Uint8Array(64) },
      acceptedTimestamp: BigInt(mark),
    })),
  );

export const reportOf = (allegedAbuserUri: string, messages: readonly AbusiveMessage[]): string =>
  toBase64Url(
    encodeAbuseReport({
      reportingUser: 'mimi://reporter.example/u/somebody',
      allegedAbuserUri,
      reasonCode: 1,
      note: 'a note of the reporter',
      messages,
      abuseExtensions: [],
    }),
  );

/** A message whose frank an Ed25519 key (cipher suite 1) has signed for this context. */
export function frankedMessage(key: KeyObject, mark: number, content: string, context: FrankingContext): AbusiveMessage {
  const unsigned = { serverFrank: new Uint8Array(32).fill(mark), cipherSuite: 1 };
  const integritySignature = new Uint8Array(sign(null, frankingMessage(unsigned, context), key));
  return {
    messageContent: new TextEncoder().encode(content),
    frank: { ...unsigned, integritySignature },
    acceptedTimestamp: context.acceptedTimestamp,
  };
}
