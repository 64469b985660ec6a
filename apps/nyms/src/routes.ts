/** Routes of nyms as /openapi.json documents them; a test compares them with what is served. */
import { z } from 'zod';
import {
  actRequest,
  actResponse,
  credentialResponse,
  dayList,
  executionAnswer,
  furtherClientRequest,
  heldSignals,
  hubTrust,
  pseudonymExecution,
  manifestProof,
  redemptionRequest,
  renewalRequest,
  reviewRequest,
  setMediaType,
  signalDecisionRequest,
  statusResponse,
  suspensionReasons,
} from '#contracts';
import type { ProblemCode, RouteSpec } from '#contracts';
import { streamRoutes } from './streams/routes.js';

export const apiInfo = {
  title: 'nymtally nyms',
  version: '0.1.0',
  description:
    'The pseudonym side: redemption, renewal, signals of hubs, status, notices to hubs, moderation. Nothing here can carry an account.',
};

const anybody = 'A pseudonym’s client; nobody is asked who they are';
const hub = 'A hub of the policy, by its signature';
const moderator = 'A moderator of the policy, by their signature';
const always: readonly ProblemCode[] = ['service-unavailable', 'fault'];
const withBody: readonly ProblemCode[] = ['request-malformed', 'body-too-large', 'type-not-supported', ...always];

export const routes: readonly RouteSpec[] = [
  {
    method: 'post',
    path: '/v1/pseudonyms',
    summary: 'Redeem a wrapped ticket: a pseudonym and its credential; the same again after a lost answer',
    caller: anybody,
    request: redemptionRequest,
    response: credentialResponse,
    status: 201,
    problems: ['answer-refused', 'pseudonym-conflict', 'request-limit-reached', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/pseudonyms/renewals',
    summary: 'Renew a pseudonym into the next period',
    caller: anybody,
    request: renewalRequest,
    response: credentialResponse,
    status: 201,
    problems: ['answer-refused', 'renewal-not-open', 'request-limit-reached', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/pseudonyms/clients',
    summary: 'Add a client to a pseudonym',
    caller: anybody,
    request: furtherClientRequest,
    response: credentialResponse,
    status: 201,
    problems: ['answer-refused', 'pseudonym-conflict', 'request-limit-reached', ...withBody],
  },
  {
    method: 'get',
    path: '/v1/day-list',
    summary: 'The key holder’s keys of the day, the same for everybody',
    caller: anybody,
    response: dayList,
    status: 200,
    problems: always,
  },
  {
    method: 'post',
    path: '/v1/signals',
    summary:
      'Push one SET (RFC 8935): 202 without a body once it is stored, also for a replayed one; 400 with application/json {err, description} when it is not taken',
    caller: hub,
    requestType: setMediaType,
    status: 202,
    problems: ['body-too-large', 'type-not-supported', 'hub-limit-reached', 'request-limit-reached', ...always],
  },
  {
    method: 'get',
    path: '/v1/pseudonyms/:uri/status',
    summary: 'Is a pseudonym active? A signed answer of one length; unknown, expired and revoked are the same',
    caller: `${hub}: a JWT as bearer token, typ nymtally-status-request+jwt`,
    response: statusResponse,
    status: 200,
    problems: ['not-authenticated', 'not-permitted', ...always],
  },
  {
    method: 'get',
    path: '/v1/manifests/:epoch/proofs/:jti',
    summary:
      'Prove that a SET is in the manifest of an epoch, or of the one it arrived in (`arrival`); only to the hub that sent it',
    caller: `${hub}: a JWT as bearer token, typ nymtally-manifest-request+jwt`,
    response: manifestProof,
    status: 200,
    problems: ['not-authenticated', 'not-permitted', 'not-found', ...always],
  },
  {
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The keys that sign status answers and notices',
    caller: 'Anybody',
    response: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }),
    status: 200,
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/moderation/signals',
    summary: 'Signals that wait for a moderator (`?state=held`)',
    caller: `${moderator}: a JWT as bearer token, typ nymtally-moderator+jwt`,
    response: heldSignals,
    status: 200,
    problems: ['request-malformed', 'not-authenticated', ...always],
  },
  {
    method: 'post',
    path: '/v1/moderation/signals',
    summary: 'Release or reject a held signal, by a signed statement',
    caller: moderator,
    request: signalDecisionRequest,
    status: 204,
    problems: ['not-permitted', 'not-found', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/moderation/reviews',
    summary: 'Say of a signal that has counted, or of all that a hub said of a pseudonym, whether it was right; no tally changes',
    caller: moderator,
    request: reviewRequest,
    status: 204,
    problems: ['not-permitted', 'not-found', ...withBody],
  },
  {
    method: 'get',
    path: '/v1/moderation/hubs/trust',
    summary: 'What moderators found of each hub’s signals, and the trust that this suggests',
    caller: `${moderator}, or an operator: a JWT as bearer token, typ nymtally-moderator+jwt`,
    response: hubTrust,
    status: 200,
    problems: ['not-authenticated', ...always],
  },
  {
    method: 'get',
    path: '/v1/moderation/pseudonyms/:uri/reasons',
    summary: 'Why a revoked pseudonym was suspended: a band of operators and reasons, by signals about itself alone',
    caller: `${moderator}: a JWT as bearer token, typ nymtally-moderator+jwt, with sub_id and case`,
    response: suspensionReasons,
    status: 200,
    problems: ['request-malformed', 'not-authenticated', 'not-found', ...always],
  },
  {
    method: 'post',
    path: '/v1/moderation/pseudonyms',
    summary: 'Suspend or reinstate the account behind a pseudonym, blindly; the receipt is the same whoever that is',
    caller: `${moderator}; for a reinstatement also an operator`,
    request: actRequest,
    response: actResponse,
    status: 200,
    problems: ['not-permitted', 'answer-refused', 'not-found', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/moderation/requests/execution',
    summary: 'Have an approved request about a pseudonym carried out; the answer is sealed to its requester',
    caller: 'The requester, by their signature, which the key holder checks',
    request: pseudonymExecution,
    response: executionAnswer,
    status: 200,
    problems: ['answer-refused', ...withBody],
  },
  ...streamRoutes,
];
