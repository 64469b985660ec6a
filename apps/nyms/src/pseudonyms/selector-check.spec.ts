import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Problem } from '#contracts';
import type { SelectorId } from '#contracts';
import { createLogger, generateSigningKey } from '#platform';
import { SelectorRefused, selectorMessage } from '#pseudonyms';
import type { SelectorRecord } from '#pseudonyms';
import { nymsEvents } from '../events.js';
import type { KeyholderPin } from '../keyholder/pin.js';
import { acceptSelector } from './selector-check.js';

const key = generateSigningKey();
const issuer = { keyHolderId: 'kh', parameterSet: 'plain-n2048' };
const pin: KeyholderPin = {
  ...issuer,
  rootFingerprint: 'A'.repeat(43),
  selectorBytes: 16,
  selectorKeyOf: (keyEpoch) => (keyEpoch === 1 ? key.publicKey : undefined),
};
const events = nymsEvents(createLogger({ app: 'test', level: 'silent' }));
const wanted = { at: 'mint', subject: new Uint8Array(32).fill(5), period: undefined } as const;

function record(keyEpoch: number, signer = key): SelectorRecord {
  const fields = {
    selectorId: new Uint8Array(randomBytes(16)) as SelectorId,
    keyEpoch,
    cohort: 2,
    period: 3,
    expiryDay: 4,
    subject: wanted.subject,
    bytes: new Uint8Array(16),
  };
  return { ...fields, bytes: 'A'.repeat(22), signature: signer.sign(selectorMessage(issuer, fields)) };
}

describe('a selector that the key holder answers', () => {
  it('is taken when the pin names its key epoch and that key signed it', () => {
    expect(acceptSelector(record(1), pin, wanted, events)).toMatchObject({ keyEpoch: 1, cohort: 2 });
    expect(() => acceptSelector(record(1, generateSigningKey()), pin, wanted, events)).toThrow(SelectorRefused);
  });

  it('of a key epoch that the pin does not name yet is asked for again later, not taken for a fault', () => {
    const accept = () => acceptSelector(record(2), pin, wanted, events);
    expect(accept).toThrow(Problem);
    expect(accept).toThrow(expect.objectContaining({ code: 'service-unavailable' }));
  });
});
