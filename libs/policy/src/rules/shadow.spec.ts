import { describe, expect, it } from '@jest/globals';
import type { PolicyDocument } from '#contracts';
import { toBase64Url } from '#contracts';
import { sampleHub, samplePolicy } from '../sample.fixture.js';
import { policyDigest } from './policy-digest.js';
import { changedSides, needsOwnTallies, shadowDocument, shadowParametersOf } from './shadow.js';

const hubs = [sampleHub('https://a.example'), sampleHub('https://b.example', { trust: 40 })];
const live = samplePolicy({ hubs });
const draft = (change: Partial<PolicyDocument>): PolicyDocument => ({ ...live, version: live.version + 1, ...change });
const { weights } = live;

describe('a shadow of the live policy', () => {
  it.each<[string, Partial<PolicyDocument>, own: boolean, sides: string[]]>([
    ['T0', { negative: { ...live.negative, threshold: 31 } }, false, ['negative']],
    ['the positive threshold', { positive: { ...live.positive, threshold: 9 } }, false, ['positive']],
    ['a weight of abuse', { weights: { ...weights, ban: { ...weights.ban, hub: 3 } } }, true, ['negative']],
    ['the weight of a commendation', { weights: { ...weights, commend: 7 } }, true, ['positive']],
    ['decay', { decay: { ...live.decay, table: live.decay.table.map(() => 1) } }, true, ['negative', 'positive']],
    ['the cap', { capPerHubAndPseudonym: 7 }, true, ['negative', 'positive']],
    ['trust', { hubs: [hubs[0]!, { ...hubs[1]!, trust: 80 }] }, true, ['negative', 'positive']],
    ['nothing', {}, false, []],
  ])('that changes %s stands for the whole draft, and says what it takes', (_, change, own, sides) => {
    const parameters = shadowParametersOf(live, draft(change));
    const document = shadowDocument(live, parameters);
    expect(toBase64Url(policyDigest(document))).toBe(parameters.digest);
    expect(document).toEqual(draft(change));
    expect(needsOwnTallies(parameters)).toBe(own);
    expect([...changedSides(live, parameters)].sort()).toEqual(sides);
  });

  it('has another digest than it says when the draft differs elsewhere', () => {
    const parameters = shadowParametersOf(live, draft({ minPseudonyms: 99, capPerHubAndPseudonym: 7 }));
    expect(toBase64Url(policyDigest(shadowDocument(live, parameters)))).not.toBe(parameters.digest);
  });
});
