/** What a shadow policy would do, as an operator reads it. Pure. */
import { leastShadowCount, shadowSteps } from '#contracts';
import type { ShadowAnswer } from '#contracts';
import { needsOwnTallies } from '#policy';
import { table } from '../../command/table.js';

export function shadowText({ shadow, budget, reports }: ShadowAnswer): string {
  const { spent, limit, perReport } = budget;
  const lines = [
    shadow
      ? `shadow version ${shadow.version}: f ${shadow.negative.f}, clip ${shadow.negative.clip}, threshold ${shadow.negative.threshold}; positive threshold ${shadow.positive.threshold}; counted on ${needsOwnTallies(shadow) ? 'tallies of its own' : 'the live tallies'}`
      : 'there is no shadow policy',
    `ε ${spent} of ${limit} spent in these 30 days, ${perReport} a report${spent + perReport > limit ? ': no more reports until the next' : ''}`,
  ];
  if (reports.length === 0) return [...lines, 'no report yet: the next decision makes one'].join('\n');
  const head = ['epoch', 'side', 'version', ...shadowSteps.map((step) => `× ${step}`)];
  const rows = reports.map(({ epoch, side, version, counts }) => [
    epoch,
    side,
    version,
    ...counts.map((count) => (count === null ? `< ${leastShadowCount}` : count)),
  ]);
  return [...lines, 'accounts that would cross at so many times the threshold, with noise:', table(head, rows)].join('\n');
}
