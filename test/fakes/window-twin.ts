/** The oracle of the totals: the rules of a window said once more, signal by signal, without any index or order. */
import { eventTypes, type Side } from '#contracts';
import { epoch, hubs, policy, since, type Placed } from './window-worlds.js';

export function twin(world: readonly Placed[]) {
  const weights: Record<string, [Side, (payload: Record<string, unknown>) => number]> = {
    [eventTypes.abuseReport]: ['negative', (payload) => (payload['hubVerified'] ? 10 : 3)],
    [eventTypes.ban]: ['negative', () => 8],
    [eventTypes.kick]: ['negative', ({ by }) => (by === 'nobody' ? 0 : 2)],
    [eventTypes.commend]: ['positive', () => 1],
  };
  const valid = world.filter(({ objected, ruling }) => !objected && ruling?.ruling !== 'reject');
  const takes = (by: Placed, one: Placed) =>
    by.signal.hub === one.signal.hub &&
    by.signal.names === one.signal.jti &&
    by.epoch >= one.epoch &&
    (by.signal.eventType === eventTypes.retract || one.signal.eventType === eventTypes.ban);
  const arrivalOf = (one: Placed) => (one.signal.payload['reason'] === 'other' ? one.ruling?.epoch : one.epoch);
  const unitsOf = (one: Placed): number => {
    const arrival = arrivalOf(one);
    const rule = weights[one.signal.eventType];
    if (!rule || arrival === undefined || one.signal.payload['abuser'] || valid.some((by) => takes(by, one))) return 0;
    const trust = 100 - 30 * hubs.indexOf(one.signal.hub);
    return Math.floor((rule[1](one.signal.payload) * trust * (policy.decay.table[epoch - arrival] as number)) / 100);
  };
  const franksOf = (one: Placed) => (one.signal.payload['franks'] ?? []) as number[];
  const isBefore = (a: Placed, b: Placed): boolean => {
    const [later, lighter] = [arrivalOf(a)! - arrivalOf(b)!, unitsOf(b) - unitsOf(a)];
    return later < 0 || (later === 0 && (lighter < 0 || (lighter === 0 && a.signal.jti < b.signal.jti)));
  };
  const isFirst = (one: Placed, frank: number): boolean =>
    valid
      .filter((other) => other !== one && other.signal.hub === one.signal.hub && franksOf(other).includes(frank))
      .every((other) => unitsOf(other) === 0 || isBefore(one, other));
  const sums: Record<Side, Map<string, number>> = { negative: new Map(), positive: new Map() };
  const fresh: Record<Side, [string, string][]> = { negative: [], positive: [] };
  for (const one of valid) {
    const { hub, uri, eventType } = one.signal;
    const units = unitsOf(one);
    const franks = franksOf(one);
    if (units === 0 || (franks.length > 0 && !franks.some((frank) => isFirst(one, frank)))) continue;
    const [side] = weights[eventType]!;
    const key = `${uri} ${hub}`;
    sums[side].set(key, (sums[side].get(key) ?? 0) + units);
    if (arrivalOf(one)! > since[side]) fresh[side].push([`op-${Math.min(hubs.indexOf(hub), 1)}`, uri]);
  }
  return (['negative', 'positive'] as const).map((side) => {
    const of = (operator: string) => new Set(fresh[side].flatMap(([by, uri]) => (by === operator ? [uri] : [])));
    const byBusiness = ['op-0', 'op-1'].sort((a, b) => of(b).size - of(a).size || a.localeCompare(b));
    return {
      totals: [...sums[side]].map(([key, sum]) => `${key} ${Math.min(sum, 20 * 16)}`).sort(),
      fresh: new Set(byBusiness.slice(policy[side].f).flatMap((operator) => [...of(operator)])).size,
    };
  });
}
