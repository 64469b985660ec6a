/**
 * A request for an act that takes approvals: canonical JSON (RFC 8785) with the exact parameters. Its digest, SHA-256 of the canonical
 * bytes, is what the requester and every approver sign. The 16 random bytes of `id` make the digest say nothing about the parameters.
 */
import { z } from 'zod';
import { bytesOf, pseudonymUri } from '../ids.js';
import { accountRemedies } from '../remedies.js';
import { hubEntry, policyDocument } from '../policy-document.js';
import { key32, peopleDocument, signerId } from './people-document.js';
import type { RequestType } from './people-document.js';

/** SHA-256 as base64url. */
export const digestText = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'must be base64url of 32 bytes');

/** Shown to people before they sign: no control characters, no invisible ones, nothing that turns the direction of a line. */
const plainText = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'must be one line of plain text');

/** What comes back: nothing but that it is done, the account's handle with a warrant for the registrar, or a count. */
type Output = 'nothing' | 'handle' | 'count';

/** Whose attestations open a tally, and how many witnesses it takes. */
export const attestersDocument = z.strictObject({
  correlators: z
    .array(z.strictObject({ id: signerId, key: key32 }))
    .min(1)
    .max(64),
  witnesses: z
    .array(z.strictObject({ id: signerId, key: key32 }))
    .min(1)
    .max(64),
  needed: z.int().positive(),
});
export type AttestersDocument = z.output<typeof attestersDocument>;

const common = {
  v: z.literal(1),
  /** 16 random bytes, base64url */
  id: z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/, 'must be base64url of 16 bytes'),
  reason: plainText(1, 500),
  case: plainText(1, 64),
  requester: signerId,
  /** digest of the registry of people it was made under: it dies when the registry changes */
  people: digestText,
  expiresAt: z.iso.datetime({ precision: 0 }),
  /** of the key holder it is made for, left out in the first: a request from before a restore dies with what was forgotten of it */
  generation: z.int().min(2).max(10_000).optional(),
} as const;

const requestOf = <T extends RequestType, P extends z.ZodType, O extends Output>(type: T, parameters: P, output: O) =>
  z.strictObject({ ...common, type: z.literal(type), parameters, output: z.literal(output) });

const aboutPseudonym = z.strictObject({ uri: pseudonymUri });

const breakGlassRequest = requestOf('break-glass', aboutPseudonym, 'handle');
const deletionRequest = requestOf('deletion', aboutPseudonym, 'nothing');
/** Every pseudonym of the account ends with the force time: no batch, no delays, and nothing keeps them apart. */
const expediteRequest = requestOf('expedite', aboutPseudonym, 'nothing');

const remedy = z.enum(accountRemedies);
/** The account behind the pseudonym, and a search of the registrar for those related to it; what is found takes an `accounts` request. */
const relatedRequest = requestOf('related', aboutPseudonym.extend({ remedy }), 'nothing');

/** base64url of 16 bytes */
const handleText = z.string().refine((text) => bytesOf(16).safeParse(text).success, 'must be base64url of 16 bytes');

/** Those that name a pseudonym: nyms brings its selector. */
export const pseudonymRequest = z.discriminatedUnion('type', [
  breakGlassRequest,
  deletionRequest,
  expediteRequest,
  relatedRequest,
]);

/** The version that becomes live; its document has this digest. */
export const policyRequest = requestOf('policy', z.strictObject({ version: z.int().positive(), digest: digestText }), 'nothing');

/** The next registry, whole. */
export const peopleRequest = requestOf('people', z.strictObject({ document: peopleDocument }), 'nothing');

const { negative, positive, weights, decay, capPerHubAndPseudonym } = policyDocument.shape;

/**
 * The live policy with these numbers in place of its own, and nothing else: `digest` is of that document. What is left out stays as it is;
 * any of the last four changes the sums themselves, so such a shadow needs tallies of its own.
 */
export const shadowParameters = z.strictObject({
  version: z.int().positive(),
  digest: digestText,
  negative,
  positive: positive.pick({ threshold: true }),
  weights: weights.optional(),
  decay: decay.optional(),
  capPerHubAndPseudonym: capPerHubAndPseudonym.optional(),
  /** hub id → per cent; hubs that are not named keep theirs */
  trust: z.record(hubEntry.shape.id, hubEntry.shape.trust).optional(),
});
export type ShadowParameters = z.output<typeof shadowParameters>;

/** Counted beside the live policy, with no effect. */
export const shadowRequest = requestOf('policy-shadow', shadowParameters, 'nothing');

export const approvalRequest = z.discriminatedUnion('type', [
  peopleRequest,
  policyRequest,
  shadowRequest,
  /** the next pinned correlators and witnesses, whole; `version` counts on from the present one */
  requestOf('witnesses', z.strictObject({ version: z.int().positive(), attesters: attestersDocument }), 'nothing'),
  requestOf('unfreeze', z.strictObject({}), 'nothing'),
  breakGlassRequest,
  deletionRequest,
  expediteRequest,
  relatedRequest,
  /** accounts by their handle, all of a proposal of the registrar or those that are listed; in force in a full release batch only */
  requestOf(
    'accounts',
    z.union([
      z.strictObject({ remedy, proposal: digestText }),
      z.strictObject({ remedy, handles: z.array(handleText).min(1).max(100) }),
    ]),
    'nothing',
  ),
  /** every standing that the decision of this epoch made */
  requestOf('undo-decision', z.strictObject({ epoch: z.int().positive().max(2_147_483_647) }), 'count'),
  /** the key holder goes on in this generation; no epoch up to the last that was ever decided is decided again */
  requestOf(
    'restore',
    z.strictObject({ restored: z.int().min(2).max(10_000), lastDecided: z.int().nonnegative().max(2_147_483_647) }),
    'nothing',
  ),
  /** the next key epoch: a new secret of the scheme, and a new key that signs selectors */
  requestOf('key-rotation', z.strictObject({ what: z.literal('scheme') }), 'nothing'),
]);
export type ApprovalRequest = z.output<typeof approvalRequest>;
export type RequestOf<T extends RequestType> = Extract<ApprovalRequest, { type: T }>;

/** The `output` that a request of each type says. */
export const requestOutputs = Object.fromEntries(
  approvalRequest.options.map(({ shape }) => [shape.type.value, shape.output.value]),
) as { readonly [T in RequestType]: RequestOf<T>['output'] };

/** Ed25519 over frame(labels.approval, digest). A union, so that a WebAuthn assertion can stand beside it. */
export const approval = z.discriminatedUnion('alg', [
  z.strictObject({
    alg: z.literal('ed25519'),
    person: signerId,
    kid: z.string().length(11),
    signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'must be base64url of 64 bytes'),
  }),
]);
export type Approval = z.output<typeof approval>;
