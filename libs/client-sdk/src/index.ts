/** What a client of a MIMI provider installs to get pseudonyms. Runs in Node and in browsers; keeps its state where the app says. */
export { NymtallyClient } from './nymtally-client.js';
export type { NymtallyClientOptions } from './nymtally-client.js';
export { ClientProblem } from './client-problem.js';
export type { ClientProblemCode } from './client-problem.js';
export type { Attempt, ClientState, HeldPseudonym } from './state.js';
export type { PrepareOptions, RedeemOutcome } from './pseudonym/redemption.js';
export { proposeClient } from './pseudonym/further-client.js';
export type { ClientProposal } from './pseudonym/further-client.js';
