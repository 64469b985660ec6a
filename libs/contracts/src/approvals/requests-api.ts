/**
 * Routes for acts that take approvals. Who writes shows who they are by their signature, who reads by a short-lived token; whatever is
 * refused is `answer-refused`. Answers of acts are sealed to the requester's key, one size for all.
 */
import { z } from 'zod';
import { bytesOf } from '../ids.js';
import { selectorRecord } from '../keyholder-api.js';
import { accountRemedies } from '../remedies.js';
import { approval, approvalRequest, attestersDocument, digestText, pseudonymRequest } from './request.js';
import { key32, peopleDocument } from './people-document.js';

/** A signature by a person of the registry, naming the key. */
export const personSignature = approval;

export const signedRequest = z.strictObject({
  request: approvalRequest,
  /** the requester's, over frame(labels.request, digest) */
  signature: personSignature,
});
export type SignedRequest = z.output<typeof signedRequest>;

export const requestStates = ['open', 'executed', 'closed'] as const;
export const requestEntry = z.strictObject({
  digest: digestText,
  /** `closed`: expired, or made under another registry */
  state: z.enum(requestStates),
  request: approvalRequest,
  signature: personSignature,
  approvals: z.array(approval).max(64),
});
export type RequestEntry = z.output<typeof requestEntry>;
export const requestList = z.strictObject({ requests: z.array(requestEntry).max(1_000) });

export const requestMade = z.strictObject({ digest: digestText });
export const attestersAnswer = z.strictObject({ version: z.int(), attesters: attestersDocument });
export const peopleAnswer = z.strictObject({
  digest: digestText,
  document: peopleDocument,
  /** the key holder's, which requests name from the second on */
  generation: z.int().positive(),
});

/** What nyms adds for a request that names a pseudonym: its newest selector and what opens the subject. */
export const namedPseudonym = z.strictObject({ selector: selectorRecord, salt: bytesOf(16), publicKey: z.string().max(200) });

export const executionRequest = z.strictObject({
  /** the requester's, over frame(labels.execution, digest) */
  signature: personSignature,
  pseudonym: namedPseudonym.optional(),
});
/** At nyms, which adds the pseudonym and hands the answer on as it is. */
export const pseudonymExecution = z.strictObject({ request: pseudonymRequest, signature: personSignature });

/** base64url: HPKE to the requester's `sealTo`, info = label `answer`, aad = digest of the request. */
export const executionAnswer = z.strictObject({ sealed: z.string().max(4_000) });

/** A count, or only that it is fewer than ten or a release batch. */
const countAbove = { count: z.int().nonnegative().optional(), fewerThan: z.int().optional() };

/** Inside: by the request's `output`. */
export const actOutput = z.discriminatedUnion('output', [
  z.strictObject({ output: z.literal('nothing') }),
  z.strictObject({ output: z.literal('count'), ...countAbove }),
  z.strictObject({
    output: z.literal('handle'),
    /** lets this requester, and nobody else, ask the registrar for the account */
    warrant: z.lazy(() => lookupWarrant),
    /** key holder root key over frame(labels.warrant, canonical bytes of warrant) */
    signature: z.string().length(86),
  }),
]);
export type ActOutput = z.output<typeof actOutput>;

export const lookupWarrant = z.strictObject({
  v: z.literal(1),
  keyHolderId: z.string().max(64),
  /** base64url of 16 bytes */
  handle: z.string().length(22),
  /** digest of the approved request */
  request: digestText,
  /** the key that signs the lookup */
  requesterKey: key32,
  /** the key its answer is sealed to */
  sealTo: key32,
  expiresAt: z.iso.datetime({ precision: 0 }),
});
export type LookupWarrant = z.output<typeof lookupWarrant>;

/** `POST /v1/handles/lookup` of the registrar. */
export const handleLookup = z.strictObject({
  warrant: lookupWarrant,
  warrantSignature: z.string().length(86),
  /** `requesterKey` over frame(labels.lookup, canonical bytes of warrant) */
  signature: z.string().length(86),
});
/** HPKE to `sealTo`, aad = digest of the request: {"account": …}, null when there is none of this handle any more */
export const lookupAnswer = z.strictObject({ sealed: z.string().max(4_000) });
export const lookedUpAccount = z.strictObject({ account: z.string().nullable() });

/** What the registrar found, as people see it before they ask for it: no handle, and no number below ten or a release batch. */
export const proposalList = z.strictObject({
  proposals: z.array(z.strictObject({ proposal: digestText, batch: z.int(), remedy: z.enum(accountRemedies), ...countAbove })),
});

/** How many accounts the decision of an epoch suspended when it was made. `decided`: that epoch has one. */
export const undoPreview = z.strictObject({ epoch: z.int(), decided: z.boolean(), ...countAbove });
