/**
 * The label of everything that is signed, hashed or derived: the first field of its `frame` (protocol.md).
 * A label is used for one purpose and is never reused; a changed layout gets a new number.
 */
export const labels = {
  /** client: holder key takes part in an enrolment — fields keyHolderId, holderKey */
  enrol: 'nymtally/enrol/1',
  /** key holder root key: receipt — fields keyHolderId, handleCommitment, holderKey */
  receipt: 'nymtally/receipt/1',
  /** hash: what the receipt says of the handle — fields handle */
  handleCommitment: 'nymtally/handle-commitment/1',
  /** holder key in use, or the one that is to replace it: calls the replacement off — fields keyHolderId, the other key */
  callOff: 'nymtally/call-off/1',
  /** registrar ticket key: fields = the ticket's bytes before its signature */
  ticket: 'nymtally/ticket/1',
  /** AES-256-GCM additional data of the sealed handle — fields keyHolderId, jti */
  sealedHandle: 'nymtally/sealed-handle/1',
  /** hash: subject = H(salt ‖ URI ‖ H(SPKI)) */
  subject: 'nymtally/subject/1',
  /** holder key: fields jti, subject */
  redeem: 'nymtally/redeem/1',
  /** HPKE info */
  wrap: 'nymtally/wrap/1',
  /** HPKE exporter context of a sealed refusal reason */
  reason: 'nymtally/reason/1',
  /** key holder root key: day list — fields = canonical JSON bytes */
  dayList: 'nymtally/day-list/1',
  /** key holder root key: fields keyHolderId, rootKey, parameterSet, then keyEpoch and selector key of each key epoch */
  pin: 'nymtally/pin/1',
  /** key holder selector key: keyHolderId, parameterSet, keyEpoch, period, selectorId, cohort, expiryDay, subject, H(bytes) */
  selector: 'nymtally/selector/1',
  /** client key: proof of possession at redemption and for a further client — fields uri, clientUri, H(SPKI) */
  possession: 'nymtally/possession/1',
  /** pseudonym key: fields uri, period */
  renew: 'nymtally/renew/1',
  /** pseudonym key: adds a client — fields uri, clientUri, H(SPKI) of the new key */
  addClient: 'nymtally/add-client/1',
  /** moderator or operator key: fields = canonical JSON bytes of the statement */
  statement: 'nymtally/statement/1',
  /** key holder: receipt of a blind act — fields H(statement) */
  actReceipt: 'nymtally/act-receipt/1',
  /** requester's key: makes a request that takes approvals — fields digest of the request */
  request: 'nymtally/request/1',
  /** approver's key: fields digest of the request */
  approval: 'nymtally/approval/1',
  /** requester's key: asks for the approved act to be done — fields digest of the request */
  execution: 'nymtally/execution/1',
  /** HPKE info of an answer sealed to a person; aad = digest of the request */
  answer: 'nymtally/answer/1',
  /** key holder root key: may look up a handle at the registrar — fields = canonical JSON bytes of the warrant */
  warrant: 'nymtally/warrant/1',
  /** hash: what stays of a deleted account at the registrar — fields its name */
  tombstone: 'nymtally/tombstone/1',
  /** HMAC key of the registrar: a verified contact of an account — fields kind, normalised value */
  contact: 'nymtally/contact/1',
  /** hash: what people approve of a proposal — fields salt, canonical JSON bytes of batch, remedy and sorted handles */
  proposal: 'nymtally/proposal/1',
  /** requester's key: looks up a handle — fields = canonical JSON bytes of the warrant */
  lookup: 'nymtally/lookup/1',
  /** correlator key: fields epoch, size, root, policyDigest, closedDay */
  manifest: 'nymtally/manifest/1',
  /** correlator and witness keys: fields epoch, side, root of the leaves */
  attestation: 'nymtally/attestation/1',
  /** witness key: fields epoch, canonical JSON bytes of the objections */
  objections: 'nymtally/objections/1',
  /** AES-256-GCM additional data of a share file — fields = canonical JSON bytes of the file without its box */
  shareFile: 'nymtally/share-file/1',
  /** hash: what the key holder knows of a share — fields ceremony, index, share */
  shareCommitment: 'nymtally/share-commitment/1',
  /** AES-256-GCM additional data of the wrapped barrier key — fields ceremony */
  barrierKey: 'nymtally/barrier-key/1',
  /** AES-256-GCM additional data of a secret file of the key holder — fields its name in the folder */
  secretFile: 'nymtally/secret-file/1',
  /** hash: a subject in the key holder's log — fields salt, subject */
  auditSubject: 'nymtally/audit-subject/1',
} as const;
