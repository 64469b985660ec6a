/** Reports for specs, of any shape that the structure can hold. */
import fc from 'fast-check';
import type { AbuseReport } from './abuse-report.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const frank = fc.record({
  serverFrank: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  cipherSuite: fc.nat(0xffff),
  integritySignature: bytes(140),
});

export const anyReport: fc.Arbitrary<AbuseReport> = fc.record({
  reportingUser: fc.string({ unit: 'binary', maxLength: 80 }),
  allegedAbuserUri: fc.string({ unit: 'binary', maxLength: 80 }),
  reasonCode: fc.nat(0xff),
  note: fc.string({ unit: 'binary', maxLength: 200 }),
  messages: fc.array(
    fc.record({
      messageContent: fc.oneof(bytes(100), bytes(20_000)),
      frank,
      acceptedTimestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    }),
    { maxLength: 4 },
  ),
  abuseExtensions: fc
    .uniqueArray(fc.record({ componentId: fc.nat(0xffff), data: bytes(80) }), {
      selector: ({ componentId }) => componentId,
      maxLength: 5,
    })
    .map((components) => components.sort((a, b) => a.componentId - b.componentId)),
});

export const reportOf = (more: Partial<AbuseReport> = {}): AbuseReport => ({
  reportingUser: '',
  allegedAbuserUri: 'mimi://p.example/p/a',
  reasonCode: 1,
  note: '',
  messages: [],
  abuseExtensions: [],
  ...more,
});

export const messageOf = (mark: number) => ({
  messageContent: Uint8Array.of(1, 2, 3),
  frank: { serverFrank: new Uint8Array(32).fill(mark), cipherSuite: 1, integritySignature: new Uint8Array(64) },
  acceptedTimestamp: 1_775_000_000_000n,
});
