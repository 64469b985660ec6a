/** The hub set of a policy: who a hub is, who runs it, and since when (protocol.md §4). Pure. */
import { isDeepStrictEqual } from 'node:util';
import { DAY_MS, type HubEntry, type PolicyDocument } from '#contracts';

const byDocument = new WeakMap<PolicyDocument, { hubs: Map<string, HubEntry>; since: Map<string, number> }>();

function tableOf(policy: PolicyDocument) {
  const known = byDocument.get(policy);
  if (known) return known;
  const hubs = new Map(policy.hubs.map((hub) => [hub.id, hub]));
  const since = new Map<string, number>();
  for (const hub of policy.hubs) {
    if (hub.sandbox) continue;
    since.set(hub.operator, Math.min(since.get(hub.operator) ?? Infinity, firstDay(hub)));
  }
  const table = { hubs, since };
  byDocument.set(policy, table);
  return table;
}

/** The entry of a hub by its `iss`; undefined when the policy does not name it. */
export const hubOf = (policy: PolicyDocument, id: string): HubEntry | undefined => tableOf(policy).hubs.get(id);

/** Is it there to try things only (`sandbox` of its entry)? */
export const isSandbox = (policy: PolicyDocument, id: string): boolean => hubOf(policy, id)?.sandbox === true;

/** May its signals weigh at all? Not while it is suspended or in quarantine. */
export const hubWeighs = (policy: PolicyDocument, id: string): boolean =>
  hubOf(policy, id)?.status === 'active' && !isSandbox(policy, id);

/** Ids of all operators with a hub that is no sandbox, sorted: the fixed order of per-operator sums and of sealed baselines. */
export const operatorIds = (policy: PolicyDocument): readonly string[] => [...tableOf(policy).since.keys()].sort();

/** An operator is as old as its oldest hub, sandboxes left out; in its first `newOperatorDays` its signals weigh nothing. Unknown operators are new. */
export function operatorIsNew(policy: PolicyDocument, operator: string, day: number): boolean {
  const since = tableOf(policy).since.get(operator);
  return since === undefined || day < since + policy.newOperatorDays;
}

/** In its first `newHubDays` a hub weighs nothing, however old its operator is. A hub that the policy does not name is on probation. */
export function isOnProbation(policy: PolicyDocument, id: string, day: number): boolean {
  const hub = hubOf(policy, id);
  return hub === undefined || operatorIsNew(policy, hub.operator, day) || day < firstDay(hub) + (policy.newHubDays ?? 0);
}

/** Does a signal that it issued on that day weigh anything? */
export const hubWeighsOn = (policy: PolicyDocument, id: string, day: number): boolean =>
  hubWeighs(policy, id) && !isOnProbation(policy, id, day) && hubOf(policy, id)?.trust !== 0;

/** First day on which signals of a hub weigh: when both its operator's probation and its own are over. */
export function weighsFrom(policy: PolicyDocument, { operator, since }: Pick<HubEntry, 'operator' | 'since'>): number {
  const operatorSince = tableOf(policy).since.get(operator) ?? firstDay({ since });
  return Math.max(operatorSince + policy.newOperatorDays, firstDay({ since }) + (policy.newHubDays ?? 0));
}

/** Do two policies take the signals of the same hubs into account? */
export const countSameHubs = (one: PolicyDocument, other: PolicyDocument): boolean =>
  isDeepStrictEqual(activeIds(one), activeIds(other));

const activeIds = (policy: PolicyDocument): string[] =>
  policy.hubs.flatMap(({ id }) => (hubWeighs(policy, id) ? [id] : [])).sort();
const firstDay = ({ since }: Pick<HubEntry, 'since'>): number => Date.parse(since) / DAY_MS;
