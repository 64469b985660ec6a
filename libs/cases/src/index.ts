/** Cases: the remedies, and the state machine of the standing they act on. Knows no handle, no pseudonym and no hub. */
export { carryOut } from './effects.js';
export type { CaseAct, CaseEffects } from './effects.js';
export { namedAfter } from './named.js';
export type { Named, NamingAct } from './named.js';
export { countAbove } from './preview.js';
export type { CountAbove } from './preview.js';
export { remedies } from './remedies.js';
export type { Remedy } from './remedies.js';
export { SimulatedAccount } from './simulated-account.js';
export type { PseudonymState } from './simulated-account.js';
export { standingAfter, waits } from './standing.js';
export type { Standing, StandingAct } from './standing.js';
export type { Term } from './term.js';
