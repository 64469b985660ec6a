import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { approvalRequest, fromBase64Url, toBase64Url } from '#contracts';
import type { Approval, ApprovalRequest, PeopleDocument } from '#contracts';
import { People } from '../people/people.js';
import { entryOf, samplePeople, sampleRequest } from '../people.fixture.js';
import { judgeApprovals, requestFault } from './judge.js';
import { signRequest } from './sign.js';
import { isUsable, newKey, verify } from '../keys.fixture.js';

const now = new Date('2026-11-23T12:00:00Z');
const { signers, document, people } = samplePeople();
const request = sampleRequest(people);
const approve = (id: string, of: ApprovalRequest = request) => signRequest('approval', of, signers[id]!);
const judge = (approvals: readonly Approval[], of: ApprovalRequest = request, by: People = people, at: Date = now) =>
  judgeApprovals(of, approvals, by, { now: at, verify });
const faults = (...args: Parameters<typeof judge>) => judge(...args).rejected.map(({ fault }) => fault);
const changed = (change: (draft: PeopleDocument) => void): People => {
  const draft = structuredClone(document);
  change(draft);
  return People.read({ ...draft, version: 2 }, isUsable);
};

describe('a request is granted', () => {
  it('by enough distinct people with the role, in whatever order', () => {
    expect(judge([approve('lead-3'), approve('lead-2')])).toEqual({
      granted: true,
      approvers: ['lead-3', 'lead-2'],
      needed: 2,
      rejected: [],
    });
  });

  it('not by one too few', () => {
    expect(judge([approve('lead-2')])).toMatchObject({ granted: false, approvers: ['lead-2'] });
    expect(judge([])).toMatchObject({ granted: false });
  });

  it('by as many as the rule of its type says', () => {
    const unfreeze = { ...request, type: 'unfreeze', parameters: {}, output: 'nothing' } as ApprovalRequest;
    expect(judge([approve('operator-1', unfreeze)], unfreeze)).toMatchObject({ granted: true, needed: 1 });
    expect(judge([approve('lead-2', unfreeze)], unfreeze).granted).toBe(false);
  });
});

describe('an approval does not count', () => {
  it('over another request', () => {
    const other = sampleRequest(people);
    expect(faults([approve('lead-2', other), approve('lead-3', other)])).toEqual(['signature', 'signature']);
  });

  it('of the requester', () => {
    expect(faults([approve('lead-1'), approve('lead-2')])).toEqual(['requester']);
    expect(judge([approve('lead-1'), approve('lead-2')]).granted).toBe(false);
  });

  it('twice, word for word or signed again by another key of the same person', () => {
    const second = newKey();
    const withTwoKeys = changed((draft) => {
      draft.people[1] = entryOf('lead-2', ['lead'], signers['lead-2']!.key, second);
    });
    const of = sampleRequest(withTwoKeys);
    const both = [approve('lead-2', of), approve('lead-2', of), signRequest('approval', of, { id: 'lead-2', key: second })];
    expect(faults(both, of, withTwoKeys)).toEqual(['repeated', 'repeated']);
    expect(judge(both, of, withTwoKeys)).toMatchObject({ granted: false, approvers: ['lead-2'] });
  });

  it('by a key of one person in the name of another', () => {
    const borrowed = { ...approve('lead-2'), person: 'lead-3' };
    expect(faults([approve('lead-2'), borrowed])).toEqual(['key']);
    expect(faults([{ ...borrowed, kid: approve('lead-3').kid }])).toEqual(['signature']);
  });

  it('of somebody without the role, or nobody the registry knows', () => {
    const stranger = signRequest('approval', request, { id: 'lead-9', key: newKey() });
    expect(faults([approve('operator-1'), approve('auditor-1'), stranger])).toEqual(['role', 'role', 'person']);
  });

  it('when it was signed for another purpose', () => {
    const made = signRequest('request', request, signers['lead-2']!);
    const run = signRequest('execution', request, signers['lead-3']!);
    expect(faults([made, run])).toEqual(['signature', 'signature']);
  });

  it('with bytes that are no signature', () => {
    for (const signature of ['', '!', 'A'.repeat(86), 'A'.repeat(85) + 'B']) {
      expect(faults([{ ...approve('lead-2'), signature }])).toEqual(['signature']);
    }
  });
});

describe('a request dies', () => {
  const approvals = [approve('lead-2'), approve('lead-3')];

  it('at its expiry, to the second', () => {
    const end = Date.parse(request.expiresAt);
    expect(judge(approvals, request, people, new Date(end - 1)).granted).toBe(true);
    expect(judge(approvals, request, people, new Date(end))).toMatchObject({ granted: false, fault: 'expired' });
  });

  it('with the registry it was made under: by a removal, and by a role that is gained after signing', () => {
    const removed = changed((draft) => {
      draft.people[1] = entryOf('lead-4', ['lead'], newKey());
    });
    const gained = changed((draft) => draft.people.find(({ id }) => id === 'operator-1')!.roles.push('lead'));
    expect(judge(approvals, request, removed)).toMatchObject({ granted: false, fault: 'other-people' });
    const early = [approve('lead-2'), approve('operator-1')];
    expect(judge(early, request, gained)).toMatchObject({ granted: false, fault: 'other-people' });
    // made anew, the old signatures are over another request
    const anew = { ...request, people: gained.digest };
    expect(faults(early, anew, gained)).toEqual(['signature', 'signature']);
    expect(judge([approve('lead-2', anew), approve('operator-1', anew)], anew, gained).granted).toBe(true);
  });

  it('when nobody of the registry asks, or an auditor does', () => {
    expect(requestFault(sampleRequest(people, { requester: 'lead-9' }), people, now)).toBe('requester');
    expect(requestFault(sampleRequest(people, { requester: 'auditor-1' }), people, now)).toBe('requester');
    expect(requestFault(sampleRequest(people, { requester: 'operator-1' }), people, now)).toBeUndefined();
  });
});

describe('properties', () => {
  const ids = Object.keys(signers);

  it('grants exactly when two other leads have signed, whatever else comes along', () => {
    const one = fc.record({
      who: fc.constantFrom(...ids),
      over: fc.constantFrom('this', 'other'),
      as: fc.constantFrom('self', ...ids),
    });
    const other = sampleRequest(people);
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (made) => {
        const approvals = made.map(({ who, over, as }) => {
          const approval = approve(who, over === 'this' ? request : other);
          return as === 'self' ? approval : { ...approval, person: as };
        });
        const good = made.filter(
          ({ who, over, as }) => over === 'this' && (as === 'self' || as === who) && /^lead-[23]$/.test(who),
        );
        const distinct = new Set(good.map(({ who }) => who));
        const judged = judge(approvals);
        expect(judged.granted).toBe(distinct.size === 2);
        expect(new Set(judged.approvers)).toEqual(distinct);
      }),
      { numRuns: 100 },
    );
  });

  it('loses every approval when one byte of the request changes', () => {
    const text = JSON.stringify(request);
    const approvals = [approve('lead-2'), approve('lead-3')];
    let parsed = 0;
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('a', 'b', '7', 'Z', ' '), (at, character) => {
        const altered = text.slice(0, at) + character + text.slice(at + 1);
        const read = approvalRequest.safeParse(jsonOf(altered));
        if (!read.success || altered === text) return;
        parsed += 1;
        expect(judge(approvals, read.data).granted).toBe(JSON.stringify(read.data) === text);
      }),
      { numRuns: 1_000 },
    );
    expect(parsed).toBeGreaterThan(50);
  });

  it('loses an approval when one bit of its signature changes', () => {
    const approval = approve('lead-2');
    const bytes = fromBase64Url(approval.signature);
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const altered = Uint8Array.from(bytes);
        altered[bit >> 3]! ^= 1 << (bit & 7);
        expect(faults([{ ...approval, signature: toBase64Url(altered) }])).toEqual(['signature']);
      }),
      { numRuns: 100 },
    );
  });
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
