import { describe, expect, it } from '@jest/globals';
import type { AuditLeaf } from '#audit';
import { auditLine, faultLine } from './audit-lines.js';
import { auditStats } from './audit-stats.js';

const leaf = (index: number, day: number, type: string, more: object = {}): AuditLeaf => ({ v: 1, index, day, type, ...more });

describe('the log of the key holder', () => {
  it('reads as one line an entry, and shows what was only announced', () => {
    expect(auditLine(leaf(7, 20_000, 'release', { number: 2, suspended: 10, reinstated: 1 }))).toBe(
      '     7  2024-10-04  release      number 2, suspended 10, reinstated 1',
    );
    expect(auditLine(leaf(8, 20_000, 'act', { announced: true, statement: 'x' }))).toContain('act …');
  });

  it('says what is wrong with it, and how far it is sound', () => {
    expect(faultLine({ isSound: false, fault: 'gap', at: 9, soundUpTo: 4 })).toMatch(/^✗ entry 9 .*missing.*first 4 entries/);
    expect(faultLine({ isSound: false, fault: 'fork', at: 3, soundUpTo: 0 })).not.toContain('sound');
  });

  it('counts per month and type what happened, and apart what was announced and did not', () => {
    const counts = auditStats([
      leaf(0, 20_000, 'act', { announced: true }),
      leaf(1, 20_000, 'completed', { of: 0 }),
      leaf(2, 20_000, 'act', { announced: true }),
      leaf(3, 20_001, 'abandoned', { of: 2 }),
      leaf(4, 20_040, 'executed', { announced: true, kind: 'break-glass' }),
      leaf(5, 20_040, 'force', { number: 1 }),
    ]);
    expect(counts).toEqual([
      { month: '2024-10', type: 'act', happened: 1, abandoned: 1, open: 0 },
      { month: '2024-11', type: 'executed break-glass', happened: 0, abandoned: 0, open: 1 },
      { month: '2024-11', type: 'force', happened: 1, abandoned: 0, open: 0 },
    ]);
  });
});
