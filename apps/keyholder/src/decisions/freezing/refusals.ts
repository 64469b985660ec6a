/** The two ways a submission ends without a decision. Neither says more to the sender than `answer-refused`. */
import type { RefusalKind } from '../../audit/audit-body.js';
import type { TreeFault } from '../checks/tree-fault.js';
import type { OpenFault } from '../opening/open-tallies.js';

/** Not attested, incomplete or out of date: counted, and nothing else happens. */
export class NotAdmitted extends Error {
  override readonly name = 'NotAdmitted';

  constructor(readonly kind: RefusalKind) {
    super('submission not admitted');
  }
}

export type Fault = TreeFault | Exclude<OpenFault, 'other-ciphertext'> | 'other-root' | 'second-digest';

/** Completely attested and yet impossible: correlator and witnesses have signed it together, so decisions freeze. */
export class ImpossibleTree extends Error {
  override readonly name = 'ImpossibleTree';

  constructor(readonly fault: Fault) {
    super('attested tree is impossible');
  }
}
