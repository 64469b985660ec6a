/** The hub set of a policy: who a hub is, who runs it, and since when (protocol.md §4). Pure. */
import { DAY_MS, type HubEntry, type PolicyDocument } from '#contracts';

const byDocument = new WeakMap<PolicyDocument, { hubs: Map<string, HubEntry>; since: Map<string, number> }>();

function tableOf(policy: PolicyDocument) {
  const known = byDocument.get(policy);
  if (known) return known;
  const hubs = new Map(policy.hubs.map((hub) => [hub.id, hub]));
  const since = new Map<string, number>();
  for (const hub of policy.hubs)
    since.set(hub.operator, Math.min(since.get(hub.operator) ?? Infinity, Date.parse(hub.since) / DAY_MS));
  const table = { hubs, since };
  byDocument.set(policy, table);
  return table;
}

/** The entry of a hub by its `iss`; undefined when the policy does not name it. */
export const hubOf = (policy: PolicyDocument, id: string): HubEntry | undefined => tableOf(policy).hubs.get(id);

/** Ids of all operators, sorted: the fixed order of per-operator sums and of sealed baselines. */
export const operatorIds = (policy: PolicyDocument): readonly string[] => [...tableOf(policy).since.keys()].sort();

/** An operator is as old as its oldest hub; in its first `newOperatorDays` its signals weigh nothing. Unknown operators are new. */
export function operatorIsNew(policy: PolicyDocument, operator: string, day: number): boolean {
  const since = tableOf(policy).since.get(operator);
  return since === undefined || day < since + policy.newOperatorDays;
}
