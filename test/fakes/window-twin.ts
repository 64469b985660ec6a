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
  const sums: Record<Side, Map<string, number>> = { negative: new Map(), positive: new Map() };
  const fresh: Record<Side, [string, string][]> = { negative: [], positive: [] };
  for (const one of valid) {
    const { hub, uri, eventType, payload } = one.signal;
    const rule = weights[eventType];
    if (!rule || valid.some((by) => takes(by, one))) continue;
    const held = payload['reason'] === 'other';
    const arrival = held ? one.ruling?.epoch : one.epoch;
    if (arrival === undefined) continue;
    const trust = 100 - 30 * hubs.indexOf(hub);
    const units = Math.floor((rule[1](payload) * trust * (policy.decay.table[epoch - arrival] as number)) / 100);
    if (units === 0) continue;
    const key = `${uri} ${hub}`;
    sums[rule[0]].set(key, (sums[rule[0]].get(key) ?? 0) + units);
    if (arrival > since[rule[0]]) fresh[rule[0]].push([`op-${Math.min(hubs.indexOf(hub), 1)}`, uri]);
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
