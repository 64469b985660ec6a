import { describe, expect, it } from '@jest/globals';
import type { HubEntry } from '#contracts';
import { defaultPolicy } from '#policy';
import { movedDraft, previewLines } from './quarantine-preview.js';

const hub = (id: string, status: HubEntry['status']): HubEntry => ({
  id,
  operator: 'a',
  trust: 100,
  since: '2026-01-01',
  status,
  keys: [],
  revokedKids: [],
});
const [active, quarantined, suspended] = ['https://a.example', 'https://q.example', 'https://s.example'] as const;
const live = defaultPolicy({
  domain: 'p.example',
  audience: 'https://p.example',
  hubs: [hub(active, 'active'), hub(quarantined, 'quarantined'), hub(suspended, 'suspended')],
});

describe('moving a hub into quarantine and out of it', () => {
  it('changes its state in the next version and nothing else', () => {
    const { document } = movedDraft(live, active, 'quarantine');
    expect(document).toEqual({ ...live, version: 2, hubs: live.hubs.with(0, hub(active, 'quarantined')) });
    expect(movedDraft({ ...document, version: 1 }, active, 'release').document).toEqual({ ...live, version: 2 });
  });

  it('is refused from any other state, and for a hub that is not there', () => {
    for (const id of [quarantined, suspended])
      expect(() => movedDraft(live, id, 'quarantine')).toThrow(/is (quarantined|suspended)/);
    for (const id of [active, suspended]) expect(() => movedDraft(live, id, 'release')).toThrow(/is (active|suspended)/);
    expect(() => movedDraft(live, 'https://nobody.example', 'quarantine')).toThrow(/not in the policy/);
  });

  it('is shown first: signals per epoch, what stays, and how to lift that', () => {
    const counts = [
      { epoch: 8, counting: 3, held: 0 },
      { epoch: undefined, counting: 1, held: 2 },
      { epoch: 9, counting: 40, held: 0 },
    ];
    const [first, ...lines] = previewLines(active, 'quarantine', counts, 30);
    expect(first).toBe(`44 signals of ${active} in the window of 30 epochs stop counting, from the next decided epoch on`);
    expect(lines.slice(0, 3)).toEqual(['  epoch open: 1 count, 2 held', '  epoch 9: 40 count', '  epoch 8: 3 count']);
    expect(lines.join('\n')).toMatch(/still taken and stored[^]*standings that were decided stay: `ctl decision undo --epoch/);
    expect(previewLines(active, 'release', [], 30)[0]).toMatch(/^0 signals .* count again, those it sent meanwhile with them/);
  });
});
