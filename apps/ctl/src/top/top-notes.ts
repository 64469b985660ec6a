/** What an operator should know of a hub beside its counts: that it does not weigh now, or sent more than is usual for it. Pure. */
import { isoDay } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { hubOf, isOnProbation, isSandbox, usualRate, weighsFrom } from '#policy';

export interface ArrivalCount {
  readonly hub: string;
  readonly epoch: number;
  /** SETs, whatever became of them. */
  readonly count: number;
}

export type NoteOf = (hub: string, epoch: number | undefined) => string;

/** @param arrivals of all closed epochs that are shown, and of the window before them */
export function topNotes(policy: PolicyDocument, arrivals: readonly ArrivalCount[], today: number): NoteOf {
  const oldest = arrivals.reduce((least, { epoch }) => Math.min(least, epoch), Infinity);
  const counts = new Map(arrivals.map(({ hub, epoch, count }) => [`${epoch} ${hub}`, count]));
  const sent = (hub: string, epoch: number) => counts.get(`${epoch} ${hub}`) ?? 0;
  const rate = (hub: string, epoch: number): string => {
    if (isSandbox(policy, hub)) return '';
    const from = Math.max(oldest, epoch - policy.windowEpochs);
    const before = Array.from({ length: Math.max(0, epoch - from) }, (_, i) => from + i);
    const first = before.findIndex((one) => sent(hub, one) > 0);
    const history = first < 0 ? [] : before.slice(first).map((one) => sent(hub, one));
    const usual = usualRate(history, hubOf(policy, hub)?.expectedPerEpoch);
    return usual && sent(hub, epoch) > usual.limit ? `${sent(hub, epoch)} sent, usual ${usual.usual}` : '';
  };
  return (hub, epoch) =>
    [stateOf(policy, hub, today), epoch === undefined ? '' : rate(hub, epoch)].filter((note) => note !== '').join('; ');
}

function stateOf(policy: PolicyDocument, id: string, today: number): string {
  const hub = hubOf(policy, id);
  if (!hub) return 'not in the policy';
  if (hub.sandbox) return 'sandbox, weighs nothing';
  if (hub.status !== 'active') return hub.status;
  return isOnProbation(policy, id, today) ? `weighs from ${isoDay(weighsFrom(policy, hub))}` : '';
}
