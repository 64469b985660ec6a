/** What differs between two policies, one line per value. Hubs and moderators are told by their id, not by their place. Pure. */
import type { PolicyDocument } from '#contracts';

export interface Difference {
  readonly path: string;
  /** JSON, or undefined where there was nothing */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function policyDiff(before: PolicyDocument, after: PolicyDocument): readonly Difference[] {
  const old = leaves(before);
  const now = leaves(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((row) => row.before !== row.after);
}

export const diffLine = ({ path, before, after }: Difference): string =>
  before === undefined
    ? `+ ${path} = ${after}`
    : after === undefined
      ? `- ${path} (was ${before})`
      : `~ ${path}: ${before} → ${after}`;

function leaves(value: unknown, path = ''): Map<string, string> {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return new Map([[path, JSON.stringify(value)]]);
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  const entries = Array.isArray(value)
    ? value.map((item: { id?: string; kid?: string }, index) => [`[${item.id ?? item.kid ?? index}]`, item] as const)
    : Object.entries(value).map(([name, item]) => [path === '' ? name : `.${name}`, item] as const);
  return new Map(entries.flatMap(([name, item]) => [...leaves(item, path + name)]));
}
