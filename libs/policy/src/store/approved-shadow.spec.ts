import { describe, expect, it } from '@jest/globals';
import { PeopleChain } from '#approvals';
import type { ApprovedShadow, PolicyDocument } from '#contracts';
import { policyDigest } from '../rules/policy-digest.js';
import { shadowParametersOf } from '../rules/shadow.js';
import { SamplePeople, samplePolicy } from '../sample.fixture.js';
import { approvedShadowPolicy } from './approved-shadow.js';
import { approveShadow } from './approve-file.js';

const people = new SamplePeople();
const live = samplePolicy({ version: 3 });
const draft: PolicyDocument = { ...live, version: 4, weights: { ...live.weights, kick: 9 } };
const by = ['lead-1', 'lead-2', 'lead-3'];
const approved = (document = draft, names = by): ApprovedShadow =>
  approveShadow(shadowParametersOf(live, document), people.signed(names));
const read = (shadow: ApprovedShadow, of = live, chain = people.chain) => approvedShadowPolicy(shadow, of, chain);

describe('a shadow that has tallies of its own', () => {
  it('is the live policy with the approved numbers', () => {
    expect(read(approved())).toEqual({ digest: policyDigest(draft), document: draft });
  });

  it.each<[string, () => ApprovedShadow]>([
    ['too few approved', () => approved(draft, ['lead-1', 'lead-2'])],
    ['its author approved', () => approved(draft, ['lead-1', 'lead-1', 'lead-2'])],
    ['strangers of the same names approved', () => approveShadow(shadowParametersOf(live, draft), new SamplePeople().signed(by))],
    ['another request was approved', () => ({ ...approved(), approvals: approved().approvals })],
    [
      'has other numbers than were approved',
      () => {
        const shadow = approved();
        const { request } = shadow;
        return { ...shadow, request: { ...request, parameters: { ...request.parameters, capPerHubAndPseudonym: 1 } } };
      },
    ],
    ['needs no tallies of its own', () => approved({ ...live, version: 4, negative: { ...live.negative, threshold: 30 } })],
    ['does not come after the live one', () => approved({ ...draft, version: 3 })],
    ['could overflow', () => approved({ ...draft, capPerHubAndPseudonym: 10_000 })],
    ['differs in what a shadow cannot say', () => approved({ ...draft, minPseudonyms: 99 })],
  ])('is none when it %s', (_, shadow) => {
    expect(read(shadow())).toBeUndefined();
  });

  it('is none beside another live policy, or once other people decide', () => {
    expect(read(approved(), { ...live, minPseudonyms: 21 })).toBeUndefined();
    const chain = new PeopleChain(people.read(people.document));
    chain.add(people.read({ ...people.document, version: 2, afterPolicy: 3 }));
    expect(read(approved(), live, chain)).toBeUndefined();
  });
});
