/** Trust from reviews, computed here from the counts that nyms shows, as a change to a draft of the policy. Pure. */
import type { z } from 'zod';
import type { hubTrust, PolicyDocument } from '#contracts';
import { shareUpheld, suggestTrust, trustRules } from '#policy';
import type { TrustSuggestion } from '#policy';
import type { Cell } from '../../command/table.js';

export type HubReviews = z.output<typeof hubTrust>['hubs'];

/** @param document whose trust is the present one: always the live policy, so that drafting twice is one step */
export function withTrustFromReviews(
  draft: PolicyDocument,
  live: PolicyDocument,
  reviews: HubReviews,
  mayRise: boolean,
): PolicyDocument {
  const suggested = suggestions(live, reviews, mayRise);
  return { ...draft, hubs: draft.hubs.map((hub) => ({ ...hub, trust: suggested.get(hub.id)?.trust ?? hub.trust })) };
}

/** Of the hubs whose trust would change. */
function suggestions(live: PolicyDocument, reviews: HubReviews, mayRise: boolean): Map<string, TrustSuggestion> {
  const counts = new Map(reviews.map((row) => [row.hub, row]));
  return new Map(
    live.hubs.flatMap(({ id, trust }) => {
      const own = counts.get(id);
      const suggestion = own && suggestTrust(trust, own, mayRise);
      return suggestion && suggestion.trust !== trust ? [[id, suggestion] as const] : [];
    }),
  );
}

const words: Readonly<Record<TrustSuggestion['why'], string>> = {
  'too-few-reviews': `fewer than ${trustRules.leastReviews} reviews`,
  'as-reviewed': 'the reviews bear it',
  'below-trust': 'less was upheld than it is trusted for',
  'above-trust': 'more was upheld than it is trusted for',
  'above-trust-not-asked': 'more was upheld than it is trusted for; --allow-rise takes that into account',
};

export const trustHead = ['hub', 'trust %', 'upheld', 'overturned', 'disputed', 'upheld %, 95 %', 'suggested %', 'why'] as const;

export const trustRows = (live: PolicyDocument, reviews: HubReviews, mayRise: boolean): readonly (readonly Cell[])[] =>
  live.hubs.map(({ id, trust }) => {
    const { upheld, overturned, disputed } = reviews.find(({ hub }) => hub === id) ?? { upheld: 0, overturned: 0, disputed: 0 };
    const suggestion = suggestTrust(trust, { upheld, overturned }, mayRise);
    const { low, high } = shareUpheld(upheld, overturned);
    const share = upheld + overturned === 0 ? '' : `${low}–${high}`;
    return [id, trust, upheld, overturned, disputed, share, suggestion.trust, words[suggestion.why]];
  });
