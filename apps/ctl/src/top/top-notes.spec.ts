import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#contracts';
import type { HubEntry } from '#contracts';
import { defaultPolicy } from '#policy';
import { topNotes } from './top-notes.js';

const today = Date.parse('2026-11-30') / DAY_MS;
const hub = (id: string, more: Partial<HubEntry> = {}): HubEntry => ({
  id,
  operator: 'old',
  trust: 100,
  since: '2025-01-01',
  status: 'active',
  keys: [],
  revokedKids: [],
  ...more,
});
const policy = defaultPolicy({
  domain: 'p.example',
  audience: 'https://p.example',
  hubs: [
    hub('https://a.example'),
    hub('https://b.example', { status: 'quarantined', expectedPerEpoch: 10 }),
    hub('https://c.example', { since: '2026-11-28' }),
    hub('https://d.example', { since: '2026-11-28', operator: 'new' }),
    hub('https://try.example', { sandbox: true }),
  ],
});
const arrivals = Array.from({ length: 10 }, (_, i) => ({ hub: 'https://a.example', epoch: i + 1, count: i === 9 ? 500 : 40 }));
const tried = arrivals.map((one) => ({ ...one, hub: 'https://try.example' }));
const note = topNotes(policy, [...arrivals, ...tried, { hub: 'https://b.example', epoch: 10, count: 90 }], today);

describe('notes beside the counts of a hub', () => {
  it('say when it sent more than is usual for it, and nothing else', () => {
    expect(note('https://a.example', 10)).toBe('500 sent, usual 40');
    expect([note('https://a.example', 9), note('https://a.example', 3), note('https://a.example', undefined)]).toEqual([
      '',
      '',
      '',
    ]);
  });

  it('say that nothing of it counts, and from when on something will', () => {
    expect(note('https://b.example', 10)).toBe('quarantined; 90 sent, usual 10');
    expect(note('https://c.example', 10)).toBe('weighs from 2026-12-05');
    expect(note('https://d.example', undefined)).toBe('weighs from 2026-12-28');
    expect(note('https://gone.example', 10)).toBe('not in the policy');
  });

  it('say of a sandbox that it weighs nothing, however much it sends', () => {
    expect(note('https://try.example', 10)).toBe('sandbox, weighs nothing');
  });
});
