/** The secret side of the additive scheme; nothing outside this folder touches a SEAL secret. */
export { createSecretScheme, openSecretScheme, type SecretSchemeOptions } from './open-secret-scheme.js';
export { SecretUnreadable, SelectorRefused, TallyRefused, type TallyFault } from './refusals.js';
export type { SecretScheme, SelfTestResult, TallyBound } from './secret-scheme.js';
