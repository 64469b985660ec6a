/** Wire contracts: what processes, clients and hubs say to each other. Imports no other lib and knows no secret. */
export { canonicalBytes } from './canonical.js';
export { concat, frame, fromBase64Url, sameBytes, toBase64Url, uint64, utf8 } from './bytes.js';
export { labels } from './labels.js';
export {
  DAY_MS,
  dayOf,
  endOfPeriod,
  EXPIRY_WEEKS,
  expiryDay,
  isoDay,
  isoMonth,
  isoSecond,
  PERIOD_DAYS,
  periodOf,
  renewalIsOpen,
  TICKET_DAYS,
} from './calendar.js';
export { bytesOf, clientUri, isClientOf, pseudonymUri, roomUri, sides, splitPseudonymUri } from './ids.js';
export type { Cohort, Epoch, Handle, HubId, OperatorId, PseudonymUri, SelectorId, Side } from './ids.js';
export { Problem, problemCodes, problems } from './problems.js';
export type { ProblemCode, ProblemExtensions, ProblemType } from './problems.js';
export { epochSteps, queues } from './queues.js';
export type { DeliveryJob, EpochJob, EpochStep, QueueName } from './queues.js';
export {
  eventPayloads,
  eventTypes,
  isEventType,
  jtiText,
  reasonCodes,
  setClaims,
  setErrors,
  setMaxBytes,
  setMediaType,
} from './events.js';
export type { EventType, SetClaims, SetError } from './events.js';
export { streamPayloads, streamSetClaims } from './stream-sets.js';
export { hubEntry, policyDocument } from './policy-document.js';
export type { HubEntry, PolicyDocument } from './policy-document.js';
export {
  LONGEST_TERM_DAYS,
  actStatement,
  findings,
  reviewStatement,
  sealStatement,
  signalStatement,
  signedActStatement,
  signedReviewStatement,
  signedSealStatement,
  signedSignalStatement,
  statement,
} from './statements.js';
export type { ActStatement, Finding, ReviewStatement, SealStatement, SignalStatement, Signed, Statement } from './statements.js';
export { dayList, dayListBody } from './day-list.js';
export type { DayList, DayListBody } from './day-list.js';
export {
  callOffReplacementRequest,
  enrolmentRequest,
  enrolmentResponse,
  replacementResponse,
  standingResponse,
  ticketsRequest,
  ticketsResponse,
} from './registrar-api.js';
export {
  actRequest,
  actResponse,
  arrivalEpoch,
  credentialResponse,
  dryRunAnswer,
  frankEvidence,
  furtherClientRequest,
  heldSignals,
  hubTrust,
  manifestProof,
  manifestRequestType,
  moderatorCase,
  moderatorRequestType,
  pseudonymReports,
  redemptionRequest,
  renewalRequest,
  reviewRequest,
  signalDecisionRequest,
  spki,
  statusAnswerType,
  statusRequestType,
  statusResponse,
  suspensionReasons,
} from './nyms-api.js';
export type { DryRunAnswer, FrankEvidence, PseudonymReports } from './nyms-api.js';
export {
  actOnSelectorRequest,
  actReceipt,
  decisionOutcome,
  callOffRequest,
  enrolHandleRequest,
  keyReplacement,
  keyReplacementAnswer,
  replaceKeyRequest,
  enrolHandleResponse,
  forceState,
  keyEpochState,
  keyEpochStates,
  keyholderParameters,
  pinAnswer,
  mintRequest,
  releaseBatches,
  renewRequest,
  selectorRecord,
} from './keyholder-api.js';
export type { KeyEpochState } from './keyholder-api.js';
export { MOST_RELATED, relatedProposal } from './keyholder-api.js';
export { accountRemedies } from './remedies.js';
export type { AccountRemedy } from './remedies.js';
export { dueChanges, PLACE_BYTES, readDueFrame } from './due-frame.js';
export type { DueChange, DuePlace } from './due-frame.js';
export {
  approvalRule,
  key32,
  kidText,
  peopleDocument,
  personEntry,
  personRoles,
  requestTypes,
  ruleOf,
  signerId,
} from './approvals/people-document.js';
export type { ApprovalRule, PeopleDocument, PersonEntry, PersonRole, RequestType } from './approvals/people-document.js';
export {
  approval,
  approvalRequest,
  attestersDocument,
  digestText,
  peopleRequest,
  policyRequest,
  pseudonymRequest,
  requestOutputs,
  shadowParameters,
} from './approvals/request.js';
export type { Approval, ApprovalRequest, AttestersDocument, RequestOf, ShadowParameters } from './approvals/request.js';
export { leastShadowCount, shadowAnswer, shadowReport, shadowSteps } from './approvals/shadow-api.js';
export type { ShadowAnswer, ShadowReport } from './approvals/shadow-api.js';
export { approvedPeople, approvedPolicy, approvedShadow } from './approvals/approved-files.js';
export type { ApprovedPeople, ApprovedPolicy, ApprovedShadow } from './approvals/approved-files.js';
export {
  actOutput,
  attestersAnswer,
  executionAnswer,
  executionRequest,
  handleLookup,
  lookedUpAccount,
  lookupAnswer,
  lookupWarrant,
  namedPseudonym,
  peopleAnswer,
  personSignature,
  pseudonymExecution,
  requestEntry,
  requestList,
  requestMade,
  requestStates,
  signedRequest,
  proposalList,
  undoPreview,
} from './approvals/requests-api.js';
export type { ActOutput, LookupWarrant, RequestEntry, SignedRequest } from './approvals/requests-api.js';
export { ceremonyState, sealState, SHARE_BYTES, shareFile, shareScrypt, unsealAnswer, unsealRequest } from './sealing.js';
export type { CeremonyState, SealState, ShareFile } from './sealing.js';
export {
  auditCheckpoint,
  auditEntries,
  auditOrigin,
  generationIn,
  logHeads,
  auditProof,
  logWitnessesFile,
  logWitnessName,
  mostAuditEntries,
  witnessedLogsFile,
} from './audit-api.js';
export { closeEpochResponse, epochHubs, epochState } from './correlator-api.js';
export {
  packStatuses,
  statusAt,
  statusListAggregation,
  statusListBits,
  statusListClaims,
  statusListMediaType,
  statusListType,
  statusPlace,
  VALID,
} from './status-list.js';
export type { StatusListBits, StatusPlace } from './status-list.js';
export type { RouteSpec } from './routes.js';
export {
  deliveryLog,
  deliveryMethods,
  deliveryOutcomes,
  noticeTypes,
  pollAnswer,
  polledSets,
  pollRequest,
  signingAlgorithms,
  streamChange,
  streamConfiguration,
  streamCreation,
  streamEventTypes,
  streamScopes,
  streamStatus,
  streamStatuses,
  subjectAddition,
  subjectRemoval,
  transmitterMetadata,
  verificationRequest,
} from './ssf.js';
export type {
  DeliveryLog,
  DeliveryOutcome,
  NoticeType,
  PollAnswer,
  PollRequest,
  SigningAlgorithm,
  StreamChange,
  StreamConfiguration,
  StreamCreation,
  StreamDelivery,
  StreamStatus,
  StreamStatusAnswer,
  SubjectIdentifier,
  TransmitterMetadata,
} from './ssf.js';
