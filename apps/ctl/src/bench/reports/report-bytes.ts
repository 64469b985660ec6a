/** MIMI AbuseReports as a hub sends them, for the bench: 500 bytes of content, one frank, signed with its franking key of cipher suite 1. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { encodeAbuseReport, FrankingKey, frankingMessage } from '#mimi';
import type { Frank, FrankingContext } from '#mimi';

export interface BenchReport {
  readonly bytes: Uint8Array;
  readonly frank: Frank;
  readonly context: FrankingContext;
}

const senderUri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
const contentBytes = 500;

/** @returns so many, all distinct, and the key that they are signed with */
export function benchReports(count: number): { reports: BenchReport[]; key: FrankingKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = FrankingKey.read(1, new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)));
  if (!key) throw new Error('an Ed25519 key of our own was refused');
  const reports = Array.from({ length: count }, (_, i) => {
    const context = {
      senderUri,
      roomUri: `mimi://hub.example/r/room-${i}`,
      acceptedTimestamp: 1_795_000_000_000n + BigInt(i),
    };
    const unsigned = { serverFrank: new Uint8Array(randomBytes(32)), cipherSuite: 1 };
    const integritySignature = new Uint8Array(sign(null, frankingMessage(unsigned, context), privateKey));
    const frank = { ...unsigned, integritySignature };
    const messageContent = new Uint8Array(randomBytes(contentBytes));
    const bytes = encodeAbuseReport({
      reportingUser: 'mimi://other.example/u/somebody',
      allegedAbuserUri: senderUri,
      reasonCode: 1,
      note: '',
      messages: [{ messageContent, frank, acceptedTimestamp: context.acceptedTimestamp }],
      abuseExtensions: [],
    });
    return { bytes, frank, context };
  });
  return { reports, key };
}
