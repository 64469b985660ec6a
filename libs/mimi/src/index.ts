/** Abuse reports of MIMI (draft-ietf-mimi-protocol-06): their bytes, and what a frank's signature attests. Knows no hub and no policy. */
export { decodeAbuseReport, encodeAbuseReport, mostMessages } from './reports/abuse-report.js';
export type { AbuseReport, AbusiveMessage, Frank } from './reports/abuse-report.js';
export { mostComponents } from './reports/app-data.js';
export type { AppDataDictionary, ComponentData } from './reports/app-data.js';
export { frankingMessage } from './franking/franking-context.js';
export type { FrankingContext } from './franking/franking-context.js';
export { FrankingKey } from './franking/franking-key.js';
export { MimiRefused } from './wire/refused.js';
export type { MimiFault } from './wire/refused.js';
