/** Pseudonyms' selectors: their record, wire forms and checks. Knows no handle, no slot and no account. */
export { selectorMessage } from './selector.js';
export type { Selector, SelectorIssuer } from './selector.js';
export { SelectorRefused } from './selector-refused.js';
export type { SelectorFault } from './selector-refused.js';
export { fromSelectorJson, fromSelectorRecord, toSelectorJson } from './selector-record.js';
export type { SelectorJson, SelectorRecord } from './selector-record.js';
export { frameBytes, frameHeaderBytes, fromFrame, fromFrames, toFrame, toFrames } from './selector-frame.js';
export { readFrames } from './frame-stream.js';
export { checkSelector, selectorFault, selectorFaultInBackground } from './selector-verifier.js';
export type { PinnedKeyHolder } from './selector-verifier.js';
export { FollowedPin } from './pin/followed-pin.js';
export type { PinReport } from './pin/followed-pin.js';
export { isSameKeyHolder, pinText, readPinText, signPin } from './pin/pin-document.js';
export type { PinDocument, PinFields } from './pin/pin-document.js';
export { checkSubject, isSelectorOf } from './subject-check.js';
export type { SubjectOpening } from './subject-check.js';
