/** One approval as the key holder checks it: the request hashed, person, role and key looked up, the signature verified. */
import { approvalFault, signRequest } from '#approvals';
import { verify } from '#platform';
import { passingPeople } from '../../stack/demo-people.js';
import { benchPeople } from './people.js';

const checks = 2_000;

/** @returns µs for each, over so many of them, once a run */
export async function verifyRuns(runs: number): Promise<number[]> {
  const people = await passingPeople();
  const { registry, ask } = benchPeople(people);
  const request = ask('mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz');
  const approval = signRequest('approval', request, people[1]!);
  return Array.from({ length: runs }, () => {
    const begun = performance.now();
    for (let i = 0; i < checks; i++) {
      if (approvalFault(request, approval, registry, verify)) throw new Error('a good approval was refused');
    }
    return ((performance.now() - begun) * 1_000) / checks;
  });
}
