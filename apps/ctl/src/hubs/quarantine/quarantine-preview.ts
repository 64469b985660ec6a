/** What a quarantine would take out of the window, or a release bring back, in words for those who ask for it. Counts of signals only. Pure. */
import type { HubEntry, PolicyDocument } from '#contracts';
import { nextDraft } from '../../policy/policy-draft.js';
import type { PolicyDraft } from '../../policy/policy-draft.js';
import { StackError } from '../../stack/stack-error.js';
import { withHubStatus } from '../hub-draft.js';

export type Move = 'quarantine' | 'release';

export interface EpochCount {
  /** undefined: of the epoch that is open */
  readonly epoch: number | undefined;
  /** That weigh, or will. */
  readonly counting: number;
  readonly held: number;
}

const from: Readonly<Record<Move, HubEntry['status']>> = { quarantine: 'active', release: 'quarantined' };
const to: Readonly<Record<Move, HubEntry['status']>> = { quarantine: 'quarantined', release: 'active' };

/** The live policy with this hub moved and nothing else. @throws StackError when the hub is not where it would be moved from */
export function movedDraft(live: PolicyDocument, id: string, move: Move): PolicyDraft {
  const hub = live.hubs.find((one) => one.id === id);
  if (hub && hub.status !== from[move])
    throw new StackError(
      `hub ${id} is ${hub.status} in version ${live.version}`,
      move === 'quarantine' ? '`ctl hub list` shows the state of each' : '`ctl hub resume` takes a suspended hub back',
    );
  return nextDraft(withHubStatus(live, id, to[move]));
}

export function previewLines(id: string, move: Move, counts: readonly EpochCount[], windowEpochs: number): string[] {
  const sum = (of: 'counting' | 'held') => counts.reduce((total, row) => total + row[of], 0);
  const what = move === 'quarantine' ? 'stop counting' : 'count again, those it sent meanwhile with them';
  const newest = [...counts].sort((a, b) => (b.epoch ?? Infinity) - (a.epoch ?? Infinity));
  return [
    `${sum('counting').toLocaleString('en')} signals of ${id} in the window of ${windowEpochs} epochs ${what}, from the next decided epoch on`,
    ...newest.map(
      ({ epoch, counting, held }) => `  epoch ${epoch ?? 'open'}: ${counting} count${held > 0 ? `, ${held} held` : ''}`,
    ),
    move === 'quarantine'
      ? 'its signals are still taken and stored; `ctl hub release` makes all that is in the window then count again'
      : 'signals that left the window meanwhile stay gone',
    'standings that were decided stay: `ctl decision undo --epoch <number>` lifts those of one decision',
  ];
}
