/**
 * Acts that take approvals: what is signed, who may sign, and when it is enough. Pure but for SHA-256 and HPKE; signatures are checked by a
 * function that the caller brings. Knows people and what they ask for; never an account or a secret of the key holder.
 */
export { defaultRules } from './people/default-rules.js';
export { PeopleChain } from './people/people-chain.js';
export { People, PeopleRefused } from './people/people.js';
export { kidOfKey } from './people/people-faults.js';
export type { IsUsableKey } from './people/people-faults.js';
export { approvalFault, isSignedBy as isRequestSignedBy, judgeApprovals, requestFault } from './requests/judge.js';
export type { ApprovalFault, Judgement, RequestFault, Verify } from './requests/judge.js';
export { judgeFile } from './requests/judge-file.js';
export type { FiledRequest, FileJudgement } from './requests/judge-file.js';
export { messageOf, requestDigest } from './requests/messages.js';
export type { Purpose } from './requests/messages.js';
export { digestOf, requestText } from './requests/request-text.js';
export { signRequest } from './requests/sign.js';
export type { PersonSigner } from './requests/sign.js';
export { generateSealKey, openAnswer, sealAnswer, sealKeyFrom } from './sealed-answer.js';
export type { SealKeyPair } from './sealed-answer.js';
