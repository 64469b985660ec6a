/** Routes of the registrar as /openapi.json documents them; a test compares them with what is served. */
import {
  callOffReplacementRequest,
  enrolmentRequest,
  enrolmentResponse,
  handleLookup,
  lookupAnswer,
  replacementResponse,
  standingResponse,
  ticketsRequest,
  ticketsResponse,
} from '#contracts';
import type { ProblemCode, RouteSpec } from '#contracts';

export const apiInfo = {
  title: 'nymtally registrar',
  version: '0.1.0',
  description: 'The account side: enrolment, tickets, standing. Nothing here can carry a pseudonym.',
};

const caller = 'Account holder’s client: access token of the identity provider';
const always: readonly ProblemCode[] = ['not-authenticated', 'service-unavailable', 'fault'];
const withBody: readonly ProblemCode[] = ['request-malformed', 'body-too-large', 'type-not-supported', ...always];

export const routes: readonly RouteSpec[] = [
  {
    method: 'post',
    path: '/v1/enrolment',
    summary: 'Register the account’s holder key; the same answer however often',
    caller,
    request: enrolmentRequest,
    response: enrolmentResponse,
    status: 200,
    problems: ['holder-key-conflict', 'account-suspended', ...withBody],
  },
  {
    method: 'get',
    path: '/v1/holder-key/replacement',
    summary: 'Is another holder key asked for, and from which day (since 1970) does it count',
    caller,
    response: replacementResponse,
    status: 200,
    problems: ['not-enrolled', ...always],
  },
  {
    method: 'post',
    path: '/v1/holder-key/replacement',
    summary: 'Ask for another holder key, the account’s own being lost; it counts after seven days',
    caller,
    request: enrolmentRequest,
    response: replacementResponse,
    status: 200,
    problems: ['not-enrolled', 'holder-key-conflict', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/holder-key/replacement/call-off',
    summary: 'Call that off, with the holder key in use or the new one',
    caller,
    request: callOffReplacementRequest,
    response: replacementResponse,
    status: 200,
    problems: ['not-enrolled', 'holder-key-conflict', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/tickets',
    summary: 'Take tickets, within the limits of a day and a period',
    caller,
    request: ticketsRequest,
    response: ticketsResponse,
    status: 200,
    problems: ['not-enrolled', 'account-suspended', 'ticket-limit-reached', ...withBody],
  },
  {
    method: 'get',
    path: '/v1/standing',
    summary: 'Is the account suspended, since which month, and how to appeal',
    caller,
    response: standingResponse,
    status: 200,
    problems: always,
  },
  {
    method: 'post',
    path: '/v1/handles/lookup',
    summary: 'Whose handle it is, for the person that an approved request names; the answer is sealed to that person',
    caller: 'The requester of an approved break-glass: a warrant of the key holder, and their own signature',
    request: handleLookup,
    response: lookupAnswer,
    status: 200,
    problems: ['not-permitted', 'request-malformed', 'body-too-large', 'type-not-supported', 'service-unavailable', 'fault'],
  },
];
