/**
 * Trust in a hub from what moderators found of its signals. A suggestion, never more: it moves only when the reviews are clearly at odds with
 * the present trust, one step a version, downwards unless somebody asks otherwise, and it becomes live as part of a signed policy only. Reviews
 * are chosen by people, so they are no random sample: few of them prove nothing. Pure.
 */
import type { Finding } from '#contracts';

/** What one moderator said of one subject (a signal, or all that a hub said of one pseudonym). */
export interface Saying {
  readonly hub: string;
  readonly subject: string;
  readonly by: string;
  readonly finding: Finding;
}

export interface ReviewCounts {
  readonly upheld: number;
  readonly overturned: number;
  /** Subjects on which moderators do not agree, or one has changed their mind: they count for neither. */
  readonly disputed: number;
}

export const noReviews: ReviewCounts = { upheld: 0, overturned: 0, disputed: 0 };

/** Each subject counts once, however many moderators looked at it and in whatever order. */
export function reviewsByHub(sayings: Iterable<Saying>): ReadonlyMap<string, ReviewCounts> {
  const subjects = new Map<string, Map<string, Set<Finding>>>();
  for (const { hub, subject, finding } of sayings) {
    const own = subjects.get(hub) ?? new Map<string, Set<Finding>>();
    subjects.set(hub, own);
    own.set(subject, (own.get(subject) ?? new Set()).add(finding));
  }
  return new Map(
    [...subjects].map(([hub, own]) => {
      const agreed = [...own.values()].filter(({ size }) => size === 1);
      const upheld = agreed.filter((found) => found.has('upheld')).length;
      return [hub, { upheld, overturned: agreed.length - upheld, disputed: own.size - agreed.length }];
    }),
  );
}

export const trustRules = {
  /** Reviews on which moderators agree, below which nothing is suggested. */
  leastReviews: 20,
  /** Most that one version changes, in per cent points. */
  step: 10,
  /** 95 % */
  z: 1.96,
} as const;

export interface TrustSuggestion {
  /** Per cent. */
  readonly trust: number;
  readonly why: 'too-few-reviews' | 'as-reviewed' | 'below-trust' | 'above-trust' | 'above-trust-not-asked';
}

/**
 * @param present per cent, of the live policy.
 * @param mayRise somebody asks for more trust where the reviews bear it; never above 100.
 */
export function suggestTrust(
  present: number,
  { upheld, overturned }: Pick<ReviewCounts, 'upheld' | 'overturned'>,
  mayRise = false,
): TrustSuggestion {
  const { leastReviews, step } = trustRules;
  if (upheld + overturned < leastReviews) return { trust: present, why: 'too-few-reviews' };
  const { low, high } = shareUpheld(upheld, overturned);
  if (high < present) return { trust: Math.max(high, present - step, 0), why: 'below-trust' };
  if (low <= present) return { trust: present, why: 'as-reviewed' };
  if (!mayRise) return { trust: present, why: 'above-trust-not-asked' };
  return { trust: Math.min(low, present + step, 100), why: 'above-trust' };
}

/** Wilson's interval for the share that is upheld, in whole per cent, rounded outwards. */
export function shareUpheld(upheld: number, overturned: number): { readonly low: number; readonly high: number } {
  const { z } = trustRules;
  const n = upheld + overturned;
  if (n === 0) return { low: 0, high: 100 };
  const share = upheld / n;
  const middle = share + z ** 2 / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const percent = (value: number) => (100 * value) / (1 + z ** 2 / n);
  // the ends are exact: rounding must not make 99.999… of a hub that was always upheld
  return {
    low: upheld === 0 ? 0 : Math.floor(percent(middle - reach)),
    high: overturned === 0 ? 100 : Math.ceil(percent(middle + reach)),
  };
}
