import { describe, expect, it } from '@jest/globals';
import type { ApprovedPolicy } from '#contracts';
import { defaultPolicy } from '#policy';
import { changed, isAskedFor, nextDraft, set } from './policy-draft.js';

const live = defaultPolicy({ version: 3, domain: 'provider.example', audience: 'https://provider.example' });

describe('a draft of the next policy', () => {
  it('is the version after the live one, which nobody has asked for', () => {
    expect(nextDraft(live)).toEqual({ document: { ...live, version: 4 } });
    expect(nextDraft(live, 9)).toEqual({ document: { ...live, version: 10 } });
  });

  it('has to be asked for anew after every change', () => {
    const asked = { document: live, request: {}, signature: {}, approvals: [] } as unknown as ApprovedPolicy;
    expect(isAskedFor(asked)).toBe(true);
    expect(isAskedFor(changed(asked, (document) => ({ ...document, epochSeconds: 60 })))).toBe(false);
  });

  it('takes a value by its path, as JSON or as text', () => {
    expect(set(live, 'negative.threshold=70')).toMatchObject({ negative: { ...live.negative, threshold: 70 } });
    expect(set(live, 'domain=other.example')).toMatchObject({ domain: 'other.example' });
    expect(set(live, 'hold=[{"hubVerified":false}]')).toMatchObject({ hold: [{ hubVerified: false }] });
  });

  it.each(['negative.treshold=70', 'nothing', 'a.b.c=1', '__proto__.x=1', 'domain.length=3'])(
    'refuses %s, which names nothing',
    (setting) => {
      expect(() => set(live, setting)).toThrow(/names nothing of a policy/);
    },
  );

  it('refuses a value that makes no policy, naming the place', () => {
    expect(() => changed(nextDraft(live), (document) => set(document, 'negative.f=-1'))).toThrow(/negative\.f/);
  });
});
