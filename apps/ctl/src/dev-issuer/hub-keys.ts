/** Whom the client-credentials grant of development believes: hubs of the newest installed policy, by the keys it has of them. */
import type { JSONWebKeySet } from 'jose';
import { installedVersions, readPolicyFile } from '../stack/policy-files.js';

export function hubKeysIn(policyDir: string, id: string): JSONWebKeySet | undefined {
  const version = installedVersions(policyDir).at(-1);
  const hub = version === undefined ? undefined : readPolicyFile(policyDir, version).document.hubs.find((one) => one.id === id);
  return hub && { keys: [...hub.keys] };
}
