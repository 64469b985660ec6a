import { describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '#platform';
import { auditHash, auditMessage, auditStart, verifyAudit, type AuditEntry } from './audit-chain.js';

const root = generateSigningKey();

function row(previous: AuditEntry | undefined, body: AuditEntry['body']): AuditEntry {
  const unsigned = { sequence: (previous?.sequence ?? 0) + 1, previous: previous ? auditHash(previous) : auditStart, body };
  return { ...unsigned, signature: root.sign(auditMessage(unsigned)) };
}
const first = row(undefined, { type: 'policy', day: 1, version: 1 });
const second = row(first, { type: 'decided', day: 1, epoch: 1 });
const third = row(second, { type: 'decided', day: 2, epoch: 2 });

describe("the key holder's log", () => {
  it('passes from its first row, and from any row checked before', () => {
    expect(verifyAudit([first, second, third], root.publicKey)).toBeUndefined();
    expect(verifyAudit([second, third], root.publicKey, first)).toBeUndefined();
    expect(verifyAudit([], root.publicKey)).toBeUndefined();
  });

  it('shows a row that was left out', () => {
    expect(verifyAudit([first, third], root.publicKey)).toEqual({ sequence: 3, fault: 'gap' });
    expect(verifyAudit([second], root.publicKey)).toEqual({ sequence: 2, fault: 'gap' });
  });

  it('shows a row that was put in the place of another', () => {
    const other = row(first, { type: 'decided', day: 1, epoch: 9 });
    expect(verifyAudit([first, other, third], root.publicKey)).toEqual({ sequence: 3, fault: 'chain' });
  });

  it('shows a changed body and a row signed by another key', () => {
    expect(verifyAudit([{ ...first, body: { ...first.body, version: 2 } }], root.publicKey)).toEqual({
      sequence: 1,
      fault: 'signature',
    });
    expect(verifyAudit([first], generateSigningKey().publicKey)).toEqual({ sequence: 1, fault: 'signature' });
  });
});
