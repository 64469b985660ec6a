import { describe, expect, it } from '@jest/globals';
import { isSignedBy } from '#platform';
import { canonicalBytes, frame, labels, signedSealStatement } from '#contracts';
import type { SealStatement } from '#contracts';
import { generateSigningKey } from '#platform';
import { refusalOf } from './service-call.js';
import { signStatement } from './signed.js';

describe('a refusal', () => {
  it('is one line with the mend of the problem table', () => {
    const body = JSON.stringify({ type: '/errors/decisions-frozen', title: 'Decisions are frozen', status: 409 });
    expect(refusalOf('key holder', 409, body).message).toMatch(/^key holder refused \(409\): Decisions are frozen: .*unfreeze/);
  });

  it('stays one line when it is no problem document', () => {
    expect(refusalOf('nyms', 502, '<html>\nBad gateway').message).toBe('nyms refused (502): no reason given: see its log');
  });
});

describe('a statement', () => {
  const signer = { id: 'operator-1', key: generateSigningKey() };

  it('fits its contract and is signed by its author', () => {
    const signed = signStatement<SealStatement>(signer, { type: 'seal', case: 'c1', reason: '' }, 20_000);
    expect(signedSealStatement.safeParse(signed).success).toBe(true);
    expect(isSignedBy(signer.key.publicKey, frame(labels.statement, canonicalBytes(signed.statement)), signed.signature)).toBe(
      true,
    );
  });

  it('is one of a kind', () => {
    const chosen = { type: 'seal', case: 'c1', reason: '' } as const;
    expect(signStatement<SealStatement>(signer, chosen, 1).statement.id).not.toBe(
      signStatement<SealStatement>(signer, chosen, 1).statement.id,
    );
  });
});
