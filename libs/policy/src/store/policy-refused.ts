/** Why a policy is not followed. The reasons are stable; `violations` are words for an operator and hold no secret. */
export const policyRefusals = {
  none: 'there is no policy that can be followed',
  unreadable: 'the file cannot be read as JSON',
  malformed: 'the document does not have the documented shape',
  unapproved: 'it is not approved as the registry of people asks',
  bounds: 'its numbers must not be together',
  older: 'a newer version has already been followed',
  changed: 'the file was changed after it was followed; a change needs a new version',
} as const;
export type PolicyRefusal = keyof typeof policyRefusals;

export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';

  constructor(
    readonly reason: PolicyRefusal,
    /** One sentence each, in the order an operator would mend them. */
    readonly violations: readonly string[] = [],
    /** Name of the file, when there is one. */
    readonly file?: string,
  ) {
    super([file === undefined ? 'policy' : file, policyRefusals[reason], ...violations].join(': '));
  }
}

/** Key holder and witness remember the highest version they followed. @throws PolicyRefused('older') */
export function refuseOlder(version: number, highestFollowed: number): void {
  if (version < highestFollowed) {
    throw new PolicyRefused('older', [`version ${version} comes after version ${highestFollowed} was followed`]);
  }
}
