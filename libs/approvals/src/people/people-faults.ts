/** What a registry of people must hold to, beyond its shape: one key one person, and every rule can be met by others than who asks. Pure. */
import { createHash } from 'node:crypto';
import { fromBase64Url, requestTypes, ruleOf } from '#contracts';
import type { PeopleDocument, RequestType } from '#contracts';

/** Does a raw Ed25519 public key, 32 bytes, mean one signer? `isUsablePublicKey` of libs/platform. */
export type IsUsableKey = (key: Uint8Array) => boolean;

/** Acts that nobody may be able to have done with one other person's help. */
const leastApprovals: Partial<Record<RequestType, number>> = {
  people: 2,
  'break-glass': 2,
  deletion: 2,
  expedite: 2,
  related: 2,
  accounts: 2,
};

export const kidOfKey = (key: Uint8Array): string =>
  createHash('sha256').update(key).digest().subarray(0, 8).toString('base64url');

const distinct = (values: readonly string[]) => new Set(values).size === values.length;

/** In the order a person would mend them; empty when the document can be used. */
export function peopleFaults({ people, rules }: PeopleDocument, isUsableKey: IsUsableKey): string[] {
  const faults: string[] = [];
  const keys = people.flatMap((person) => person.keys);
  if (!distinct(people.map(({ id }) => id))) faults.push('two people have one id');
  if (!distinct(keys.map(({ key }) => key))) faults.push('one key stands twice: every key is one person’s');
  if (!distinct(people.map(({ sealTo }) => sealTo))) faults.push('two people have one sealTo key');
  for (const { kid, key } of keys) {
    const raw = fromBase64Url(key);
    if (kidOfKey(raw) !== kid) faults.push(`kid ${kid} does not name its key`);
    if (!isUsableKey(raw)) faults.push(`key ${kid} is no usable Ed25519 key`);
  }
  const most = Math.max(...requestTypes.map((type) => ruleOf({ rules }, type).approvals));
  for (const type of requestTypes) {
    const { role, approvals } = ruleOf({ rules }, type);
    const able = people.filter(({ roles }) => roles.includes(role)).length;
    const least = leastApprovals[type] ?? 1;
    if (approvals < least) faults.push(`${type} needs ${least} approvals at least`);
    // whoever asks may be one of them, and never counts
    if (able <= approvals) faults.push(`${type} needs ${approvals} approvals, so ${approvals + 1} people with the role ${role}`);
  }
  // with fewer, the registry would be the way around every other rule
  if (rules.people.approvals < most) faults.push(`people needs as many approvals as any other act: ${most}`);
  return faults;
}
