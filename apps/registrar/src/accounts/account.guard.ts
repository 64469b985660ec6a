/** `@Account() account: AccountId` on a handler under `@UseGuards(AccountGuard)`: the caller's account, or 401; `@AccountContacts()` the same token's contacts. */
import { createParamDecorator, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { AccessTokens } from './access-token.js';
import type { Contacts } from '../relations/contact-marks.js';
import type { AccountId, Caller } from './access-token.js';

/** Beside the request and gone with it; a property of the request could be logged. */
const accounts = new WeakMap<FastifyRequest, Caller>();

@Injectable()
export class AccountGuard implements CanActivate {
  constructor(private readonly tokens: AccessTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    accounts.set(request, await this.tokens.callerOf(request.headers.authorization));
    return true;
  }
}

function callerOf(context: ExecutionContext): Caller {
  const caller = accounts.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (caller === undefined) throw new Problem('not-authenticated');
  return caller;
}

export const Account = createParamDecorator((_: unknown, context: ExecutionContext): AccountId => callerOf(context).account);
export const AccountContacts = createParamDecorator(
  (_: unknown, context: ExecutionContext): Contacts => callerOf(context).contacts,
);
